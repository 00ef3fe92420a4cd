# SPDX-License-Identifier: MIT
"""What the handler answers is what nginx/html/openapi.json says."""

import json
import unittest

import harness

try:
    import jsonschema
except ImportError:
    jsonschema = None

API = json.loads((harness.ROOT / "nginx/html/openapi.json").read_text(encoding="utf-8"))


@unittest.skipUnless(jsonschema, "python3-jsonschema is not there")
class OpenApiTest(harness.SiteTest):
    def validate(self, value, name):
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": f"#/components/schemas/{name}",
                  "components": API["components"]}
        jsonschema.Draft202012Validator(schema).validate(value)

    def test_the_documented_request_is_valid_and_answered_as_documented(self):
        operation = API["paths"]["/v1/checkout/payment-methods"]["post"]
        body = operation["requestBody"]["content"]["application/json"]["example"]
        self.validate(body, "CheckoutRequest")
        answer = self.site.request("POST", harness.CHECKOUT, json.dumps(body), self.site.authorized())
        self.assertEqual(answer.status, 200, answer)
        self.validate(answer.json, "CheckoutAnswer")

    def test_every_demo_company_and_switch_is_answered_as_documented(self):
        for name, postal_code in (("Neukunde Alpha UG", "10115"), ("Nirgendwo GmbH", "10115"), ("Berger Logistics KG", "50667"),
                                  ("Doppelgänger Vertriebs GmbH", "28195"), ("Blumenhaus Erika Beispiel", "01067")):
            for amount in (10000, 10091, 10092, 10093, 10094, 10095, 99999999999999):
                with self.subTest(name=name, amount=amount):
                    answer = self.site.checkout({"name": name, "postal_code": postal_code, "country": "DE"}, amount)
                    self.assertEqual(answer.status, 200, answer)
                    self.validate(answer.json, "CheckoutAnswer")

    def test_records_health_and_problems_too(self):
        decided = self.site.checkout().json["decision_id"]
        self.validate(self.site.request("GET", f"/v1/decisions/{decided}", headers=self.site.authorized()).json, "DecisionRecord")
        self.validate(self.site.request("GET", "/healthz").json, "Health")
        self.validate(self.site.request("GET", "/.well-known/jwks.json").json, "KeySet")
        for answer in (self.site.request("GET", "/nowhere"), self.site.request("POST", harness.CHECKOUT, "{"),
                       self.site.checkout({"country": "XX"}), self.site.request("GET", harness.CHECKOUT)):
            self.assertGreaterEqual(answer.status, 400)
            self.validate(answer.json, "Problem")
