/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_links.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "temp_dir.h"

static struct temp_dir dir;
static char file[128];
static struct sqlite_links *links;
static struct links_port port;
static const struct link_owner demo = {SLICE_LIT("demo"), false};

static void set_up(void)
{
	dir = temp_dir_make();
	(void)snprintf(file, sizeof(file), "%s", temp_dir_path(&dir, "links.db"));
	cr_assert_eq(sqlite_links_open(file, &links), STATUS_OK);
	port = sqlite_links_port(links);
}

static void tear_down(void)
{
	sqlite_links_close(links);
	temp_dir_remove(&dir);
}

TestSuite(sqlite_links, .init = set_up, .fini = tear_down);

static void put(const struct link_owner *owner, const char *customer_ref, const char *key)
{
	struct link link = {.at_ms = 1795262400000};

	(void)snprintf(link.customer_ref, sizeof(link.customer_ref), "%s", customer_ref);
	(void)snprintf(link.key.text, sizeof(link.key.text), "%s", key);
	(void)snprintf(link.name, sizeof(link.name), "schmidt");
	cr_assert_eq(port.vtable->put(port.self, owner, &link), STATUS_OK);
}

Test(sqlite_links, a_link_is_found_replaced_and_removed)
{
	struct link link;

	cr_expect_eq(port.vtable->find(port.self, &demo, SLICE_LIT("K-1"), &link), STATUS_NOT_FOUND);
	put(&demo, "K-1", "reg:R1101:HRB:1");
	cr_assert_eq(port.vtable->find(port.self, &demo, SLICE_LIT("K-1"), &link), STATUS_OK);
	cr_expect_str_eq(link.key.text, "reg:R1101:HRB:1");
	cr_expect_str_eq(link.name, "schmidt");
	cr_expect_eq(link.at_ms, 1795262400000);
	put(&demo, "K-1", "reg:R1101:HRB:2");
	cr_assert_eq(port.vtable->find(port.self, &demo, SLICE_LIT("K-1"), &link), STATUS_OK);
	cr_expect_str_eq(link.key.text, "reg:R1101:HRB:2");
	cr_expect_eq(port.vtable->remove(port.self, &demo, SLICE_LIT("K-1")), STATUS_OK);
	cr_expect_eq(port.vtable->remove(port.self, &demo, SLICE_LIT("K-1")), STATUS_NOT_FOUND);
	cr_expect_eq(port.vtable->find(port.self, &demo, SLICE_LIT("K-1"), &link), STATUS_NOT_FOUND);
}

/* A number is a tenant's own, and test and live calls do not see each other's. */
Test(sqlite_links, tenants_and_modes_are_apart)
{
	const struct link_owner others[] = {{SLICE_LIT("other"), false}, {SLICE_LIT("demo"), true}};
	struct link link;
	size_t count;

	put(&demo, "K-1", "reg:R1101:HRB:1");
	for (size_t i = 0; i < 2; i++) {
		cr_expect_eq(port.vtable->find(port.self, &others[i], SLICE_LIT("K-1"), &link), STATUS_NOT_FOUND);
		cr_expect_eq(port.vtable->remove(port.self, &others[i], SLICE_LIT("K-1")), STATUS_NOT_FOUND);
		cr_expect_eq(port.vtable->list(port.self, &others[i], SLICE_NONE, 1, &link, &count), STATUS_OK);
		cr_expect_eq(count, 0);
	}
	cr_expect_eq(port.vtable->find(port.self, &demo, SLICE_LIT("K-1"), &link), STATUS_OK);
}

Test(sqlite_links, lists_page_by_page)
{
	struct link found[4];
	size_t count = 0;

	for (char c = 'e'; c >= 'a'; c--)
		put(&demo, (char[]){c, 0}, "reg:R1101:HRB:1");
	cr_assert_eq(port.vtable->list(port.self, &demo, SLICE_NONE, 4, found, &count), STATUS_OK);
	cr_assert_eq(count, 4);
	cr_expect_str_eq(found[0].customer_ref, "a");
	cr_assert_eq(port.vtable->list(port.self, &demo, SLICE_LIT("d"), 4, found, &count), STATUS_OK);
	cr_assert_eq(count, 1);
	cr_expect_str_eq(found[0].customer_ref, "e");
}

Test(sqlite_links, survive_their_process)
{
	struct link link;

	put(&demo, "K-1", "reg:R1101:HRB:1");
	sqlite_links_close(links);
	cr_assert_eq(sqlite_links_open(file, &links), STATUS_OK);
	port = sqlite_links_port(links);
	cr_expect_eq(port.vtable->find(port.self, &demo, SLICE_LIT("K-1"), &link), STATUS_OK);
}

Test(sqlite_links, a_folder_that_is_not_there_is_told)
{
	struct sqlite_links *none = NULL;

	cr_expect_eq(sqlite_links_open(temp_dir_path(&dir, "no/links.db"), &none), STATUS_UNAVAILABLE);
	cr_expect_null(none);
}
