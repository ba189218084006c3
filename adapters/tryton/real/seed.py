"""Fills an empty Tryton database for the test: two companies, charts, a year of periods, parties.

usage: seed.py CONFIG DATABASE BOOKS.json

BOOKS.json says what has to be there:
{ "companies": [ { "name", "currency", "accounts": [ { "code", "name", "party": bool } ] } ],
  "currencies": [ "EUR", … ], "parties": [ "C-1", … ], "years": [ 2026 ] }
"""
import datetime
import json
import sys
from decimal import Decimal

from proteus import Model, Wizard, config

config_file, database, books_file = sys.argv[1:4]
with open(books_file, encoding="utf-8") as file:
    books = json.load(file)

cfg = config.set_trytond(f"sqlite:///{database}" if not database.startswith("postgresql") else database,
                         user="admin", config_file=config_file)
get = Model.get


def make_currency(code):
    currency = get("currency.currency")(name=code, code=code, symbol=code)
    digits = {"JPY": 0, "KRW": 0, "BHD": 3, "KWD": 3, "TND": 3}.get(code, 2)
    currency.rounding, currency.digits = Decimal(1).scaleb(-digits), digits
    currency.save()
    get("currency.currency.rate")(
        date=datetime.date(2026, 1, 1), rate=Decimal("1.0"), currency=currency).save()
    return currency


def make_company(name, currency):
    party = get("party.party")(name=name)
    party.save()
    wizard = Wizard("company.company.config")
    wizard.execute("company")
    wizard.form.party, wizard.form.currency = party, currency
    wizard.execute("add")
    return get("company.company").find([("party", "=", party.id)])[0]


currencies = {code: make_currency(code) for code in books["currencies"]}
companies = [(c, make_company(c["name"], currencies[c["currency"]])) for c in books["companies"]]

User, Company = get("res.user"), get("company.company")
admin, = User.find([("login", "=", "admin")])
known = {c.id for c in admin.companies}
for _, company in companies:
    if company.id not in known:
        admin.companies.append(Company(company.id))
admin.company_filter = "all"
admin.save()

for wanted, company in companies:
    admin.reload()
    admin.company = Company(company.id)
    admin.save()
    cfg._context = User.get_preferences(True, {})
    template = get("account.account.template")(
        get("ir.model.data").get_id("account.account_template_root_en", cfg.context))
    chart = Wizard("account.create_chart")
    chart.execute("account")
    chart.form.account_template = template
    chart.form.company = Company(company.id)
    chart.execute("create_account")
    Account = get("account.account")
    for side in ("receivable", "payable"):
        found = Account.find([("type." + side, "=", True), ("party_required", "=", True),
                              ("closed", "!=", True), ("company", "=", company.id)], limit=1)
        setattr(chart.form, "account_" + side, found[0])
    chart.execute("create_properties")

    # Our accounts beside those of the template, each of the type of one of them.
    receivable, = Account.find([("code", "=", "1.2.1"), ("company", "=", company.id)])
    other, = Account.find([("code", "=", "4.1.1"), ("company", "=", company.id)])
    for account in wanted["accounts"]:
        model = receivable if account["party"] else other
        made = Account(name=account["name"], code=account["code"], company=Company(company.id),
                       type=model.type)
        made.party_required = account["party"]
        made.save()

    kind, = get("ir.sequence.type").find([("name", "=", "Account Move")], limit=1)
    for number in books["years"]:
        sequence = get("ir.sequence.strict")(
            name=f"Moves {number}", sequence_type=kind, company=Company(company.id),
            prefix=f"{number}/", padding=5)
        sequence.save()
        year = get("account.fiscalyear")(
            name=str(number), company=Company(company.id), move_sequence=sequence)
        year.start_date = datetime.date(number, 1, 1)
        year.end_date = datetime.date(number, 12, 31)
        year.save()
        year.click("create_period")

for code in books["parties"]:
    get("party.party")(name=f"Customer {code}", code=code).save()
print(f"seeded {len(companies)} companies, {len(books['parties'])} parties")
