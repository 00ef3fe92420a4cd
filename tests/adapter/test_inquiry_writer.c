/* SPDX-License-Identifier: MIT */
#include "adapter/inquiry_writer.h"

#include <criterion/criterion.h>
#include <semaphore.h>
#include <string.h>

#include "fake_inquiries.h"
#include "provider_world.h"

#define NOW INT64_C(1795262400000)

static struct fake_inquiries *list;
static struct inquiry_port port;
static struct inquiry_writer *writer;

/* How often, and what was told. */
static struct {
	sem_t count;
	enum status last;
} told;

static void take(void *ctx, enum status status)
{
	(void)ctx;
	told.last = status;
	sem_post(&told.count);
}

static const struct inquiry_written written = {take, NULL};

static int count_told(void)
{
	int count = -1;

	cr_assert_eq(sem_getvalue(&told.count, &count), 0);
	return count;
}

static void set_up(void)
{
	list = fake_inquiries_create();
	port = fake_inquiries_port(list);
	cr_assert_eq(sem_init(&told.count, 0, 0), 0);
	cr_assert_eq(inquiry_writer_open(port, &writer), STATUS_OK);
}

static void tear_down(void)
{
	inquiry_writer_close(writer);
	fake_inquiries_destroy(list);
}

TestSuite(inquiry_writer, .init = set_up, .fini = tear_down);

static struct inquiry make(int64_t due_ms)
{
	return (struct inquiry){
	        .provider = "bureau", .subject = provider_world_schmidt(), .begun_ms = NOW, .due_ms = due_ms};
}

static enum status find(const char *key)
{
	int64_t begun_ms = 0;
	enum status status = inquiry_writer_find(writer, slice_cstr(key), &begun_ms);

	cr_expect(status != STATUS_OK || begun_ms == NOW);
	return status;
}

static enum status find_listed(const char *key)
{
	int64_t begun_ms;

	return port.vtable->find(port.self, slice_cstr(key), &begun_ms);
}

static void add(const char *key)
{
	struct inquiry inquiry = make(NOW);

	inquiry_writer_add(writer, slice_cstr(key), &inquiry, written);
}

static void close_writer(void)
{
	inquiry_writer_close(writer);
	writer = NULL;
}

Test(inquiry_writer, waits_for_no_lock_and_loses_nothing)
{
	char key[] = "a";

	fake_inquiries_hold(list, true);
	for (; key[0] <= 'h'; key[0]++) {
		cr_expect_eq(find(key), STATUS_NOT_FOUND);
		add(key);
		cr_expect_eq(find(key), STATUS_OK);
	}
	cr_expect_eq(count_told(), 0, "it is told when it is written");
	fake_inquiries_hold(list, false);
	inquiry_writer_flush(writer);
	cr_expect_eq(count_told(), 8);
	cr_expect_eq(told.last, STATUS_OK);
	for (key[0] = 'a'; key[0] <= 'h'; key[0]++)
		cr_expect_eq(find_listed(key), STATUS_OK);
}

Test(inquiry_writer, writes_in_the_order_it_was_told)
{
	struct inquiry inquiry = make(NOW + 5);
	int64_t due_ms = 0;

	fake_inquiries_hold(list, true);
	add("a");
	inquiry_writer_put(writer, SLICE_LIT("a"), &inquiry, written);
	add("b");
	inquiry_writer_remove(writer, SLICE_LIT("b"), written);
	inquiry_writer_remove(writer, SLICE_LIT("c"), written);
	fake_inquiries_hold(list, false);
	inquiry_writer_flush(writer);
	cr_expect_eq(count_told(), 5);
	cr_expect_eq(told.last, STATUS_NOT_FOUND);
	cr_expect_eq(port.vtable->next_due(port.self, &due_ms), STATUS_OK);
	cr_expect_eq(due_ms, NOW + 5);
	cr_expect_eq(find("b"), STATUS_NOT_FOUND);
}

Test(inquiry_writer, closes_when_all_is_written)
{
	fake_inquiries_hold(list, true);
	add("a");
	add("b");
	fake_inquiries_hold(list, false);
	close_writer();
	cr_expect_eq(count_told(), 2);
	cr_expect_eq(find_listed("a"), STATUS_OK);
	cr_expect_eq(find_listed("b"), STATUS_OK);
}

Test(inquiry_writer, keeps_an_order_that_the_list_cannot_take)
{
	fake_inquiries_fail(list, STATUS_FULL);
	add("a");
	inquiry_writer_flush(writer);
	cr_expect_eq(count_told(), 1);
	cr_expect_eq(told.last, STATUS_FULL);
	cr_expect_eq(find("a"), STATUS_OK, "so that it is not ordered again");
	cr_expect_eq(find("b"), STATUS_FULL);
	fake_inquiries_fail(list, STATUS_OK);
	cr_expect_eq(find_listed("a"), STATUS_NOT_FOUND);
	close_writer();
	cr_expect_eq(find_listed("a"), STATUS_OK);
	cr_expect_eq(count_told(), 1, "it was told already");
}

Test(inquiry_writer, tries_an_order_again_while_it_runs)
{
	fake_inquiries_fail(list, STATUS_UNAVAILABLE);
	add("a");
	inquiry_writer_flush(writer);
	fake_inquiries_fail(list, STATUS_OK);
	fake_inquiries_await(list, SLICE_LIT("a"));
	cr_expect_eq(find("a"), STATUS_OK);
}

Test(inquiry_writer, an_order_no_list_can_take_stands_in_nobodys_way)
{
	fake_inquiries_fail(list, STATUS_TOO_LARGE);
	add("a");
	inquiry_writer_flush(writer);
	cr_expect_eq(told.last, STATUS_TOO_LARGE);
	fake_inquiries_fail(list, STATUS_OK);
	add("b");
	inquiry_writer_flush(writer);
	cr_expect_eq(find_listed("b"), STATUS_OK);
	cr_expect_eq(find("a"), STATUS_NOT_FOUND);
}

Test(inquiry_writer, what_the_list_refused_comes_first_when_it_takes_orders_again)
{
	char key[] = "a";

	fake_inquiries_fail(list, STATUS_FULL);
	for (; key[0] <= 'h'; key[0]++)
		add(key);
	inquiry_writer_flush(writer);
	cr_expect_eq(count_told(), 8);
	cr_expect_eq(fake_inquiries_puts(list), 1, "a list that refuses holds up nobody for each order");
	fake_inquiries_fail(list, STATUS_OK);
	close_writer();
	for (key[0] = 'a'; key[0] <= 'h'; key[0]++)
		cr_expect_eq(find_listed(key), STATUS_OK);
}

/* Its lease ends: by then another worker may have gone on with it. */
Test(inquiry_writer, does_not_keep_what_was_taken_from_the_list)
{
	struct inquiry inquiry = make(NOW);

	fake_inquiries_fail(list, STATUS_UNAVAILABLE);
	inquiry_writer_put(writer, SLICE_LIT("a"), &inquiry, written);
	inquiry_writer_flush(writer);
	cr_expect_eq(told.last, STATUS_UNAVAILABLE);
	fake_inquiries_fail(list, STATUS_OK);
	cr_expect_eq(find("a"), STATUS_NOT_FOUND);
	close_writer();
	cr_expect_eq(find_listed("a"), STATUS_NOT_FOUND);
}

Test(inquiry_writer, what_the_list_never_takes_is_told_and_ends)
{
	fake_inquiries_fail(list, STATUS_FULL);
	add("a");
	close_writer();
	cr_expect_eq(count_told(), 1);
	cr_expect_eq(told.last, STATUS_FULL);
}
