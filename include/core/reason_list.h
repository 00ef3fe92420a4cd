/* SPDX-License-Identifier: MIT */
/*
 * The closed list of reason codes; include with X defined (no include guard).
 * X(CODE, "internal de", "internal en", "public de", "public en")
 * Internal texts are for the credit manager. Public texts may be shown to the
 * buyer: they name no figure, no source and no record. Codes are stored in
 * decision records: append, never rename.
 */

/* characteristics: capital and debt */
X(EQUITY_RATIO_STRONG, "Hohe Eigenkapitalquote", "High equity ratio", "Solide Bilanz", "Sound balance sheet")
X(EQUITY_RATIO_WEAK, "Niedrige Eigenkapitalquote", "Low equity ratio",
  "Bilanzangaben lassen derzeit keine bessere Einstufung zu",
  "Balance sheet figures do not allow a better rating at present")
X(RETAINED_EARNINGS_STRONG, "Hohe einbehaltene Gewinne im Verhältnis zur Bilanzsumme",
  "High retained earnings relative to total assets", "Solide Bilanz", "Sound balance sheet")
X(RETAINED_EARNINGS_WEAK, "Geringe oder negative einbehaltene Gewinne", "Low or negative retained earnings",
  "Bilanzangaben lassen derzeit keine bessere Einstufung zu",
  "Balance sheet figures do not allow a better rating at present")
X(EQUITY_TO_DEBT_STRONG, "Viel Eigenkapital im Verhältnis zu den Schulden", "High equity relative to debt",
  "Solide Bilanz", "Sound balance sheet")
X(EQUITY_TO_DEBT_WEAK, "Wenig Eigenkapital im Verhältnis zu den Schulden", "Low equity relative to debt",
  "Bilanzangaben lassen derzeit keine bessere Einstufung zu",
  "Balance sheet figures do not allow a better rating at present")
X(INDEBTEDNESS_LOW, "Geringe Verschuldung", "Low indebtedness", "Solide Bilanz", "Sound balance sheet")
X(INDEBTEDNESS_HIGH, "Hohe Verschuldung", "High indebtedness",
  "Bilanzangaben lassen derzeit keine bessere Einstufung zu",
  "Balance sheet figures do not allow a better rating at present")
X(DEBT_SERVICE_STRONG, "Guter Cashflow im Verhältnis zu den Schulden", "Good cash flow relative to debt",
  "Solide Bilanz", "Sound balance sheet")
X(DEBT_SERVICE_WEAK, "Geringer oder negativer Cashflow im Verhältnis zu den Schulden",
  "Low or negative cash flow relative to debt", "Bilanzangaben lassen derzeit keine bessere Einstufung zu",
  "Balance sheet figures do not allow a better rating at present")
X(INTEREST_COVER_STRONG, "Zinslast gut durch das Betriebsergebnis gedeckt", "Interest well covered by operating profit",
  "Solide Bilanz", "Sound balance sheet")
X(INTEREST_COVER_WEAK, "Zinslast kaum oder nicht durch das Betriebsergebnis gedeckt",
  "Interest hardly or not covered by operating profit", "Bilanzangaben lassen derzeit keine bessere Einstufung zu",
  "Balance sheet figures do not allow a better rating at present")
X(EXPENSES_TO_DEBT_STRONG, "Geringe Schulden im Verhältnis zu den Betriebsaufwendungen",
  "Low debt relative to operating expenses", "Solide Bilanz", "Sound balance sheet")
X(EXPENSES_TO_DEBT_WEAK, "Hohe Schulden im Verhältnis zu den Betriebsaufwendungen",
  "High debt relative to operating expenses", "Bilanzangaben lassen derzeit keine bessere Einstufung zu",
  "Balance sheet figures do not allow a better rating at present")

/* characteristics: liquidity */
X(LIQUIDITY_STRONG, "Gute kurzfristige Liquidität", "Good short-term liquidity", "Gute Zahlungsfähigkeit",
  "Good ability to pay")
X(LIQUIDITY_WEAK, "Schwache kurzfristige Liquidität", "Weak short-term liquidity",
  "Angaben zur Zahlungsfähigkeit lassen derzeit keine bessere Einstufung zu",
  "Figures on the ability to pay do not allow a better rating at present")
X(CURRENT_RATIO_STRONG, "Umlaufvermögen deckt kurzfristige Schulden gut", "Current assets cover short-term debt well",
  "Gute Zahlungsfähigkeit", "Good ability to pay")
X(CURRENT_RATIO_WEAK, "Umlaufvermögen deckt kurzfristige Schulden kaum oder nicht",
  "Current assets hardly or do not cover short-term debt",
  "Angaben zur Zahlungsfähigkeit lassen derzeit keine bessere Einstufung zu",
  "Figures on the ability to pay do not allow a better rating at present")
X(CASH_RATIO_STRONG, "Hohe flüssige Mittel im Verhältnis zu kurzfristigen Schulden",
  "High cash relative to short-term debt", "Gute Zahlungsfähigkeit", "Good ability to pay")
X(CASH_RATIO_WEAK, "Geringe flüssige Mittel im Verhältnis zu kurzfristigen Schulden",
  "Low cash relative to short-term debt", "Angaben zur Zahlungsfähigkeit lassen derzeit keine bessere Einstufung zu",
  "Figures on the ability to pay do not allow a better rating at present")
X(WORKING_CAPITAL_STRONG, "Hohes Nettoumlaufvermögen", "High working capital", "Gute Zahlungsfähigkeit",
  "Good ability to pay")
X(WORKING_CAPITAL_WEAK, "Geringes oder negatives Nettoumlaufvermögen", "Low or negative working capital",
  "Angaben zur Zahlungsfähigkeit lassen derzeit keine bessere Einstufung zu",
  "Figures on the ability to pay do not allow a better rating at present")
X(SUPPLIER_CREDIT_SHORT, "Kurzfristige Schulden werden schnell umgeschlagen", "Short-term debt is turned over quickly",
  "Gute Zahlungsfähigkeit", "Good ability to pay")
X(SUPPLIER_CREDIT_LONG, "Kurzfristige Schulden sind hoch im Verhältnis zum Umsatz",
  "Short-term debt is high relative to revenue",
  "Angaben zur Zahlungsfähigkeit lassen derzeit keine bessere Einstufung zu",
  "Figures on the ability to pay do not allow a better rating at present")
X(COLLECTION_PERIOD_SHORT, "Forderungen gehen schnell ein", "Receivables are collected quickly",
  "Gute Zahlungsfähigkeit", "Good ability to pay")
X(COLLECTION_PERIOD_LONG, "Forderungen gehen langsam ein", "Receivables are collected slowly",
  "Angaben zur Zahlungsfähigkeit lassen derzeit keine bessere Einstufung zu",
  "Figures on the ability to pay do not allow a better rating at present")
X(STOCK_TURNOVER_FAST, "Lagerbestand wird schnell umgeschlagen", "Stock is turned over quickly",
  "Gute Zahlungsfähigkeit", "Good ability to pay")
X(STOCK_TURNOVER_SLOW, "Lagerbestand wird langsam umgeschlagen", "Stock is turned over slowly",
  "Angaben zur Zahlungsfähigkeit lassen derzeit keine bessere Einstufung zu",
  "Figures on the ability to pay do not allow a better rating at present")

/* characteristics: earnings and business */
X(PROFITABILITY_STRONG, "Gute Gesamtkapitalrentabilität", "Good return on assets", "Gute Ertragslage", "Good earnings")
X(PROFITABILITY_WEAK, "Geringe oder negative Gesamtkapitalrentabilität", "Low or negative return on assets",
  "Angaben zur Ertragslage lassen derzeit keine bessere Einstufung zu",
  "Earnings figures do not allow a better rating at present")
X(EBIT_STRONG, "Hohes Ergebnis vor Zinsen und Steuern im Verhältnis zur Bilanzsumme",
  "High earnings before interest and taxes relative to total assets", "Gute Ertragslage", "Good earnings")
X(EBIT_WEAK, "Geringes oder negatives Ergebnis vor Zinsen und Steuern",
  "Low or negative earnings before interest and taxes",
  "Angaben zur Ertragslage lassen derzeit keine bessere Einstufung zu",
  "Earnings figures do not allow a better rating at present")
X(MARGIN_STRONG, "Hohe Umsatzrendite", "High operating margin", "Gute Ertragslage", "Good earnings")
X(MARGIN_WEAK, "Geringe oder negative Umsatzrendite", "Low or negative operating margin",
  "Angaben zur Ertragslage lassen derzeit keine bessere Einstufung zu",
  "Earnings figures do not allow a better rating at present")
X(COST_RATIO_LOW, "Geringe Aufwendungen im Verhältnis zum Umsatz", "Low expenses relative to revenue",
  "Gute Ertragslage", "Good earnings")
X(COST_RATIO_HIGH, "Hohe Aufwendungen im Verhältnis zum Umsatz", "High expenses relative to revenue",
  "Angaben zur Ertragslage lassen derzeit keine bessere Einstufung zu",
  "Earnings figures do not allow a better rating at present")
X(SALES_GROWTH_STRONG, "Stabiler oder wachsender Umsatz", "Stable or growing revenue", "Solide Geschäftsentwicklung",
  "Sound business development")
X(SALES_GROWTH_WEAK, "Rückläufiger Umsatz", "Falling revenue",
  "Angaben zur Geschäftsentwicklung lassen derzeit keine bessere Einstufung zu",
  "Business figures do not allow a better rating at present")
X(ASSET_TURNOVER_HIGH, "Hoher Umsatz im Verhältnis zur Bilanzsumme", "High revenue relative to total assets",
  "Solide Geschäftsentwicklung", "Sound business development")
X(ASSET_TURNOVER_LOW, "Geringer Umsatz im Verhältnis zur Bilanzsumme", "Low revenue relative to total assets",
  "Angaben zur Geschäftsentwicklung lassen derzeit keine bessere Einstufung zu",
  "Business figures do not allow a better rating at present")

/* characteristics: the company itself */
X(SIZE_LARGE, "Größeres Unternehmen", "Larger company", "Gefestigtes Unternehmen", "Established company")
X(SIZE_SMALL, "Kleines Unternehmen", "Small company", "Unternehmensangaben lassen derzeit keine bessere Einstufung zu",
  "Company particulars do not allow a better rating at present")
X(STAFF_LARGE, "Viele Beschäftigte", "Many employees", "Gefestigtes Unternehmen", "Established company")
X(STAFF_SMALL, "Wenige Beschäftigte", "Few employees", "Unternehmensangaben lassen derzeit keine bessere Einstufung zu",
  "Company particulars do not allow a better rating at present")
X(CAPITAL_HIGH, "Hohes Stammkapital oder Grundkapital", "High share capital", "Gefestigtes Unternehmen",
  "Established company")
X(CAPITAL_LOW, "Geringes Stammkapital oder Grundkapital", "Low share capital",
  "Unternehmensangaben lassen derzeit keine bessere Einstufung zu",
  "Company particulars do not allow a better rating at present")
X(AGE_ESTABLISHED, "Seit Jahren am Markt", "In business for years", "Gefestigtes Unternehmen", "Established company")
X(AGE_YOUNG, "Junges Unternehmen", "Young company", "Unternehmensangaben lassen derzeit keine bessere Einstufung zu",
  "Company particulars do not allow a better rating at present")
X(LEGAL_FORM_FAVOURABLE, "Günstige Rechtsform", "Favourable legal form", "Gefestigtes Unternehmen",
  "Established company")
X(LEGAL_FORM_UNFAVOURABLE, "Ungünstige Rechtsform", "Unfavourable legal form",
  "Unternehmensangaben lassen derzeit keine bessere Einstufung zu",
  "Company particulars do not allow a better rating at present")
X(BRANCH_FAVOURABLE, "Branche mit geringem Ausfallrisiko", "Industry with low default risk", "Gefestigtes Unternehmen",
  "Established company")
X(BRANCH_UNFAVOURABLE, "Branche mit erhöhtem Ausfallrisiko", "Industry with raised default risk",
  "Unternehmensangaben lassen derzeit keine bessere Einstufung zu",
  "Company particulars do not allow a better rating at present")
X(FILING_PUNCTUAL, "Jahresabschluss fristgerecht veröffentlicht", "Annual accounts filed in time",
  "Transparente Unternehmensangaben", "Transparent company information")
X(FILING_LATE, "Jahresabschluss verspätet oder nicht veröffentlicht", "Annual accounts filed late or not at all",
  "Aktuelle Unternehmensangaben fehlen", "Up-to-date company information is missing")
X(ACCOUNTS_RECENT, "Aktueller Jahresabschluss liegt vor", "Recent annual accounts are available",
  "Transparente Unternehmensangaben", "Transparent company information")
X(ACCOUNTS_OLD, "Jüngster Jahresabschluss ist alt", "Latest annual accounts are old",
  "Aktuelle Unternehmensangaben fehlen", "Up-to-date company information is missing")
X(REGISTER_ACTIVE, "Im Register als bestehend geführt", "Listed as existing in the register", "Gefestigtes Unternehmen",
  "Established company")

/* characteristics: payment behaviour and negative signals */
X(PAYMENT_PUNCTUAL, "Zahlt pünktlich", "Pays on time", "Gute Zahlungserfahrungen", "Good payment experience")
X(PAYMENT_LATE, "Zahlt nach Fälligkeit", "Pays after the due date",
  "Zahlungserfahrungen lassen derzeit keine bessere Einstufung zu",
  "Payment experience does not allow a better rating at present")
X(OWN_ORDERS_PAID, "Frühere Bestellungen wurden bezahlt", "Earlier orders were paid", "Gute Zahlungserfahrungen",
  "Good payment experience")
X(OWN_ORDERS_NONE, "Noch keine bezahlte Bestellung", "No paid order yet", "Noch keine gemeinsame Zahlungserfahrung",
  "No shared payment experience yet")
X(COLLECTION_NONE, "Keine Inkassoverfahren bekannt", "No collection cases known", "Gute Gesamteinschätzung",
  "Good overall assessment")
X(COLLECTION_CASES, "Inkassoverfahren bekannt", "Collection cases known",
  "Gesamteinschätzung lässt derzeit keine bessere Einstufung zu",
  "The overall assessment does not allow a better rating at present")
X(ENFORCEMENT_NONE, "Keine Vollstreckungsmaßnahmen bekannt", "No enforcement measures known", "Gute Gesamteinschätzung",
  "Good overall assessment")
X(ENFORCEMENT_KNOWN, "Vollstreckungsmaßnahmen oder Schuldnerverzeichnis-Einträge bekannt",
  "Enforcement measures or debtor register entries known",
  "Gesamteinschätzung lässt derzeit keine bessere Einstufung zu",
  "The overall assessment does not allow a better rating at present")
X(RETURNED_DEBITS_NONE, "Keine Rücklastschriften bekannt", "No returned direct debits known", "Gute Gesamteinschätzung",
  "Good overall assessment")
X(RETURNED_DEBITS_KNOWN, "Rücklastschriften bekannt", "Returned direct debits known",
  "Gesamteinschätzung lässt derzeit keine bessere Einstufung zu",
  "The overall assessment does not allow a better rating at present")

/* characteristics: bureaus */
X(BUREAU_INDEX_GOOD, "Guter Bonitätsindex einer Auskunftei", "Good credit index of a bureau", "Gute Gesamteinschätzung",
  "Good overall assessment")
X(BUREAU_INDEX_BAD, "Schwacher Bonitätsindex einer Auskunftei", "Weak credit index of a bureau",
  "Gesamteinschätzung lässt derzeit keine bessere Einstufung zu",
  "The overall assessment does not allow a better rating at present")
X(BUREAU_PD_LOW, "Geringe Ausfallwahrscheinlichkeit laut Auskunftei", "Low default probability according to a bureau",
  "Gute Gesamteinschätzung", "Good overall assessment")
X(BUREAU_PD_HIGH, "Hohe Ausfallwahrscheinlichkeit laut Auskunftei", "High default probability according to a bureau",
  "Gesamteinschätzung lässt derzeit keine bessere Einstufung zu",
  "The overall assessment does not allow a better rating at present")

/* a card of the user's own: columns that are no facts */
X(INPUT_FAVOURABLE, "Günstiger Wert in einem eigenen Merkmal", "Favourable value of an input of your own",
  "Gesamteinschätzung gut", "The overall assessment is good")
X(INPUT_UNFAVOURABLE, "Ungünstiger Wert in einem eigenen Merkmal", "Unfavourable value of an input of your own",
  "Gesamteinschätzung lässt derzeit keine bessere Einstufung zu",
  "The overall assessment does not allow a better rating at present")

/* hard stops: the score is 0 whatever the points */
X(INSOLVENCY_APPLIED, "Eröffnung eines Insolvenzverfahrens beantragt", "Opening of insolvency proceedings applied for",
  "Derzeit keine Lieferung auf Rechnung möglich", "Delivery on invoice is not possible at present")
X(INSOLVENCY_OPENED, "Insolvenzverfahren eröffnet", "Insolvency proceedings opened",
  "Derzeit keine Lieferung auf Rechnung möglich", "Delivery on invoice is not possible at present")
X(REJECTED_NO_ASSETS, "Insolvenzverfahren mangels Masse abgewiesen",
  "Insolvency proceedings rejected for lack of assets", "Derzeit keine Lieferung auf Rechnung möglich",
  "Delivery on invoice is not possible at present")
X(REGISTER_DELETED, "Im Register gelöscht", "Deleted from the register", "Derzeit keine Lieferung auf Rechnung möglich",
  "Delivery on invoice is not possible at present")
X(REGISTER_LIQUIDATION, "Unternehmen in Liquidation", "Company in liquidation",
  "Derzeit keine Lieferung auf Rechnung möglich", "Delivery on invoice is not possible at present")

/* past insolvency events: weigh by age */
X(INSOLVENCY_LIFTED, "Eröffnungsverfahren aufgehoben", "Opening proceedings lifted",
  "Gesamteinschätzung lässt derzeit keine bessere Einstufung zu",
  "The overall assessment does not allow a better rating at present")
X(INSOLVENCY_CLOSED, "Insolvenzverfahren eingestellt oder aufgehoben", "Insolvency proceedings discontinued or lifted",
  "Gesamteinschätzung lässt derzeit keine bessere Einstufung zu",
  "The overall assessment does not allow a better rating at present")
X(DISCHARGE_ANNOUNCED, "Restschuldbefreiung angekündigt", "Discharge of residual debt announced",
  "Gesamteinschätzung lässt derzeit keine bessere Einstufung zu",
  "The overall assessment does not allow a better rating at present")
X(DISCHARGE_GRANTED, "Restschuldbefreiung erteilt", "Discharge of residual debt granted",
  "Gesamteinschätzung lässt derzeit keine bessere Einstufung zu",
  "The overall assessment does not allow a better rating at present")
X(DISCHARGE_REFUSED, "Restschuldbefreiung versagt oder widerrufen", "Discharge of residual debt refused or revoked",
  "Gesamteinschätzung lässt derzeit keine bessere Einstufung zu",
  "The overall assessment does not allow a better rating at present")

/* what bound the credit limit */
X(CAP_EQUITY, "Kreditlimit durch Anteil am Eigenkapital begrenzt", "Credit limit bound by a share of equity",
  "Kreditrahmen nach den Unternehmensangaben bemessen", "Credit limit based on company particulars")
X(CAP_REVENUE, "Kreditlimit durch Anteil am Jahresumsatz begrenzt", "Credit limit bound by a share of annual revenue",
  "Kreditrahmen nach den Unternehmensangaben bemessen", "Credit limit based on company particulars")
X(CAP_PD, "Kreditlimit durch Ausfallwahrscheinlichkeit begrenzt", "Credit limit bound by the probability of default",
  "Kreditrahmen nach den Unternehmensangaben bemessen", "Credit limit based on company particulars")
X(CAP_LEGAL_FORM, "Kreditlimit durch Rechtsform begrenzt", "Credit limit bound by the legal form",
  "Kreditrahmen nach den Unternehmensangaben bemessen", "Credit limit based on company particulars")
X(CAP_AGE, "Kreditlimit durch Alter des Unternehmens begrenzt", "Credit limit bound by the age of the company",
  "Kreditrahmen nach den Unternehmensangaben bemessen", "Credit limit based on company particulars")
X(CAP_UNKNOWN_SIZE, "Kreditlimit begrenzt, weil Eigenkapital und Umsatz unbekannt sind",
  "Credit limit bound because equity and revenue are unknown", "Kreditrahmen nach den Unternehmensangaben bemessen",
  "Credit limit based on company particulars")
X(CAP_YELLOW, "Kreditlimit wegen gelber Ampel verringert", "Credit limit reduced because the light is yellow",
  "Kreditrahmen nach den Unternehmensangaben bemessen", "Credit limit based on company particulars")
X(CAP_RED, "Kein Kreditlimit wegen roter Ampel", "No credit limit because the light is red",
  "Derzeit kein Kreditrahmen", "No credit limit at present")
X(CAP_BUREAU, "Kreditlimit durch Empfehlung einer Auskunftei begrenzt",
  "Credit limit bound by a bureau's recommendation", "Kreditrahmen nach den Unternehmensangaben bemessen",
  "Credit limit based on company particulars")
X(CAP_POLICY, "Kreditlimit durch Höchstbetrag der Richtlinie begrenzt", "Credit limit bound by the policy's maximum",
  "Kreditrahmen nach den Bedingungen des Shops bemessen", "Credit limit based on the shop's terms")
X(CAP_PER_ORDER, "Betrag je Bestellung durch Richtlinie begrenzt", "Amount per order bound by the policy",
  "Kreditrahmen nach den Bedingungen des Shops bemessen", "Credit limit based on the shop's terms")
X(CAP_FIRST_ORDER, "Betrag der ersten Bestellung begrenzt", "Amount of the first order is bound",
  "Kreditrahmen nach den Bedingungen des Shops bemessen", "Credit limit based on the shop's terms")
X(CAP_EXPOSURE, "Kreditlimit durch offene Bestellungen und Rechnungen ausgeschöpft",
  "Credit limit used up by open orders and invoices", "Kreditrahmen durch offene Posten ausgeschöpft",
  "Credit limit used up by open items")

/* decisions: who is asking */
X(UNKNOWN_COMPANY, "Unternehmen nicht gefunden", "Company not found",
  "Unternehmensangaben bitte prüfen und vervollständigen", "Please check and complete the company details")
X(AMBIGUOUS_COMPANY, "Mehrere Unternehmen passen zu den Angaben", "Several companies fit the details",
  "Unternehmensangaben bitte prüfen und vervollständigen", "Please check and complete the company details")
X(IDENTIFIER_CONFLICT, "Kennungen und Name gehören nicht zusammen", "Identifiers and name do not belong together",
  "Unternehmensangaben bitte prüfen und vervollständigen", "Please check and complete the company details")
X(MATCH_UNCERTAIN, "Zuordnung des Unternehmens unsicher", "Match of the company is uncertain",
  "Unternehmensangaben bitte prüfen und vervollständigen", "Please check and complete the company details")
X(NATURAL_PERSON, "Natürliche Person: Entscheidung durch einen Menschen", "Natural person: decided by a human being",
  "Prüfung durch den Kundendienst", "Checked by customer service")
X(ON_DENY_LIST, "Auf der Sperrliste", "On the deny list", "Derzeit keine Lieferung auf Rechnung möglich",
  "Delivery on invoice is not possible at present")
X(ON_ALLOW_LIST, "Auf der Freigabeliste", "On the allow list", "Freigegebener Kunde", "Approved customer")
X(COUNTRY_NOT_SERVED, "Land wird nicht bedient", "Country is not served", "In diesem Land nicht verfügbar",
  "Not available in this country")
X(CURRENCY_NOT_SERVED, "Währung wird nicht bedient", "Currency is not served", "In dieser Währung nicht verfügbar",
  "Not available in this currency")
X(OTHER_DELIVERY_ADDRESS, "Lieferanschrift weicht von der Unternehmensanschrift ab",
  "Delivery address differs from the company's address", "Bei abweichender Lieferanschrift nicht verfügbar",
  "Not available with a different delivery address")

/* decisions: score and light */
X(LIGHT_GREEN, "Ampel grün", "Light is green", "Gute Gesamteinschätzung", "Good overall assessment")
X(LIGHT_YELLOW, "Ampel gelb", "Light is yellow", "Mit angepassten Bedingungen verfügbar",
  "Available with adapted terms")
X(LIGHT_RED, "Ampel rot", "Light is red", "Nach Prüfung der Angaben derzeit nicht verfügbar",
  "Not available at present after checking the details")
X(SCORE_TOO_LOW, "Score unter dem Mindestwert der Zahlungsart", "Score below the payment method's minimum",
  "Nach Prüfung der Angaben derzeit nicht verfügbar", "Not available at present after checking the details")
X(LIGHT_TOO_LOW, "Ampel unter der Mindeststufe der Zahlungsart", "Light below the payment method's minimum",
  "Nach Prüfung der Angaben derzeit nicht verfügbar", "Not available at present after checking the details")
X(COVERAGE_LOW, "Zu wenig über das Unternehmen bekannt", "Too little is known about the company",
  "Unternehmensangaben bitte prüfen und vervollständigen", "Please check and complete the company details")
X(FACTS_OLD, "Angaben zum Unternehmen sind veraltet", "The facts about the company are out of date",
  "Aktuelle Unternehmensangaben fehlen", "Up-to-date company information is missing")

/* decisions: amounts and terms */
X(AMOUNT_BELOW_MINIMUM, "Betrag unter dem Mindestbetrag der Zahlungsart", "Amount below the payment method's minimum",
  "Mindestbetrag nicht erreicht", "Minimum amount not reached")
X(AMOUNT_ABOVE_MAXIMUM, "Betrag über dem Höchstbetrag der Zahlungsart", "Amount above the payment method's maximum",
  "Höchstbetrag überschritten", "Maximum amount exceeded")
X(LIMIT_EXCEEDED, "Betrag über dem verfügbaren Kreditlimit", "Amount above the available credit limit",
  "Verfügbarer Rahmen überschritten", "Available limit exceeded")
X(PER_ORDER_LIMIT_EXCEEDED, "Betrag über dem Limit je Bestellung", "Amount above the limit per order",
  "Höchstbetrag je Bestellung überschritten", "Maximum amount per order exceeded")
X(FIRST_ORDER_LIMIT_EXCEEDED, "Betrag über dem Limit der ersten Bestellung",
  "Amount above the limit of the first order", "Höchstbetrag der ersten Bestellung überschritten",
  "Maximum amount of the first order exceeded")
X(DEPOSIT_REQUIRED, "Anzahlung verlangt", "Deposit required", "Mit Anzahlung verfügbar", "Available with a deposit")
X(SHORT_TERMS, "Verkürztes Zahlungsziel", "Shortened payment term", "Mit verkürztem Zahlungsziel verfügbar",
  "Available with a shortened payment term")
X(METHOD_UNKNOWN, "Zahlungsart in der Richtlinie nicht vorgesehen", "Payment method is not part of the policy",
  "Nicht angeboten", "Not offered")
X(PREPAYMENT_ALWAYS, "Zahlung im Voraus ist immer möglich", "Payment in advance is always possible", "Immer verfügbar",
  "Always available")

/* decisions: sources and outage */
X(SOURCE_UNAVAILABLE, "Eine Quelle hat nicht geantwortet", "A source did not answer", "Derzeit nicht verfügbar",
  "Not available at present")
X(SOURCE_NO_DATA, "Eine Quelle hat keine Daten zum Unternehmen", "A source has no data on the company",
  "Unternehmensangaben bitte prüfen und vervollständigen", "Please check and complete the company details")
X(OUTAGE_DENIED, "Quelle ausgefallen: Zahlungsart laut Ausfallregel gesperrt",
  "Source down: method withheld by the outage rule", "Derzeit nicht verfügbar", "Not available at present")
X(OUTAGE_ALLOWED, "Quelle ausgefallen: Zahlungsart laut Ausfallregel freigegeben",
  "Source down: method allowed by the outage rule", "Verfügbar", "Available")
X(OUTAGE_AMOUNT_EXCEEDED, "Quelle ausgefallen: Betrag über dem Höchstbetrag der Ausfallregel",
  "Source down: amount above the outage rule's maximum", "Derzeit nicht verfügbar", "Not available at present")
X(FACTS_STALE, "Entscheidung auf älteren Angaben", "Decided on older facts", "Verfügbar", "Available")
