"""Posts a month of two companies into a real Tryton server that loses answers, and compares its books
with ours line by line.

usage: test.py POSTERN FOLDER

FOLDER is made; Tryton is installed into it once and kept.
"""
import base64
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import time
import urllib.request
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
POSTERN, FOLDER = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
PARTY_ACCOUNTS = {"1100", "1110", "2050", "2060", "2070"}
COMPANIES = {"NORD": ("Nordwind GmbH", "EUR"), "SYD": ("Sydvind AB", "SEK")}
CUSTOMERS = [f"C-{number}" for number in range(1, 9)]
PERIOD = "2026-10"


def say(text):
    print(text, flush=True)


def fail(text):
    say(f"FAILED: {text}")
    sys.exit(1)


def postern(*arguments, accept=(0,)):
    result = subprocess.run(
        [POSTERN, *arguments, "--config", str(FOLDER / "config")],
        capture_output=True, text=True, env=os.environ | {"TRYTON_PASSWORD": "not-a-secret-0"})
    if result.returncode not in accept:
        fail(f"postern {' '.join(arguments)}: {result.returncode}\n{result.stderr or result.stdout}")
    return result.stdout


def configure(proxy_port):
    """The configuration that init writes, with two companies in place of its one."""
    config = FOLDER / "config"
    shutil.rmtree(config, ignore_errors=True)
    subprocess.run([POSTERN, "init", str(config)], check=True, capture_output=True)
    (config / "entities/DEMO.yaml").unlink()
    (config / "connections/erp.yaml").unlink()
    (config / "tests/invoices.yaml").unlink()
    for code, (name, currency) in COMPANIES.items():
        (config / f"entities/{code}.yaml").write_text(
            f"code: {code}\nname: {name}\ncountry: DE\ncurrency: {currency}\n"
            f"timeZone: Europe/Berlin\nconnection: tryton-{code.lower()}\nchart: charts/demo.csv\n")
        (config / f"connections/tryton-{code.lower()}.yaml").write_text(
            f"adapter: tryton\nurl: http://127.0.0.1:{proxy_port}\ndatabase: erp\n"
            f"company: {name}\nauth: {{ user: admin, password: env:TRYTON_PASSWORD }}\n"
            "limits: { concurrency: 2 }\ntimeouts: { request: 30s }\nquietSeconds: 0\n")
    (config / "rates/sek.csv").write_text(
        "date,from,to,rate,type,source\n2026-01-01,USD,SEK,10.4217,spot,TEST\n"
        "2026-01-01,JPY,SEK,0.0689,spot,TEST\n")
    source = (config / "sources/demo.yaml").read_text().replace("entity: DEMO", "entity: NORD")
    (config / "sources/demo.yaml").write_text(source)
    return config


def books(config):
    """What the ERP has to know: the chart, the currencies, the customers."""
    with open(config / "charts/demo.csv", encoding="utf-8") as file:
        accounts = [
            {"code": row["number"], "name": row["name"], "party": row["number"] in PARTY_ACCOUNTS}
            for row in csv.DictReader(file)]
    return {
        "companies": [
            {"name": name, "currency": currency, "accounts": accounts}
            for name, currency in COMPANIES.values()],
        "currencies": ["EUR", "SEK", "USD", "JPY"], "parties": CUSTOMERS, "years": [2026]}


def documents(count, source):
    """Invoices with tax, some in foreign currency, each with a payment in parts or a credit memo."""
    for number in range(1, count + 1):
        entity = source.choice(list(COMPANIES))
        own = COMPANIES[entity][1]
        currency = source.choice([own, own, own, "USD", "JPY"])
        digits = Decimal(1) if currency == "JPY" else Decimal("0.01")
        net = (Decimal(source.randint(100, 900_000)) * digits)
        tax = (net * Decimal("0.19")).quantize(digits)
        day = source.randint(1, 20)
        customer = {"id": source.choice(CUSTOMERS), "name": "Customer"}
        common = {"source": "demo", "entity": entity, "currency": currency, "customer": customer}
        line = {
            "id": "1", "product": "PLAN", "net": str(net),
            "taxes": [{"code": "S-19", "category": "S", "rate": "19", "base": str(net),
                       "amount": str(tax)}]}
        yield common | {
            "type": "invoice", "id": f"INV-{number}", "documentDate": f"2026-10-{day:02}",
            "lines": [line],
            "totals": {"net": str(net), "tax": str(tax), "gross": str(net + tax)}}
        if number % 3 == 0:
            yield common | {
                "type": "creditMemo", "id": f"CM-{number}", "documentDate": f"2026-10-{day:02}",
                "lines": [line], "appliesTo": [{"invoice": f"INV-{number}", "amount": str(net + tax)}],
                "totals": {"net": str(net), "tax": str(tax), "gross": str(net + tax)}}
        elif number % 3 == 1 and currency == own:
            part = ((net + tax) / 2).quantize(digits)
            for which, amount in enumerate([part, net + tax - part], 1):
                yield common | {
                    "type": "payment", "id": f"PAY-{number}-{which}",
                    "documentDate": f"2026-10-{day + 5:02}", "amount": str(amount),
                    "method": "bankTransfer", "account": "BANK",
                    "applications": [{"invoice": f"INV-{number}", "amount": str(amount)}]}


class Tryton:
    """Reads the server's books without Postern and without the proxy."""

    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}/erp/rpc/"
        self.headers = {"Content-Type": "application/json"}
        user, token = self.call("common.db.login", "admin", {"password": "not-a-secret-0"}, "en")[:2]
        session = base64.b64encode(f"admin:{user}:{token}".encode()).decode()
        self.headers["Authorization"] = f"Session {session}"

    def call(self, method, *params):
        body = json.dumps({"id": 1, "method": method, "params": list(params)}).encode()
        with urllib.request.urlopen(urllib.request.Request(self.address, body, self.headers)) as answer:
            reply = json.load(answer)
        if "error" in reply:
            fail(f"{method}: {reply['error']}")
        return reply["result"]

    def read(self, model, domain, fields):
        return self.call(f"model.{model}.search_read", domain, 0, None, [["id", "ASC"]], fields, {})


def number(value):
    return Decimal(value["decimal"]) if isinstance(value, dict) else Decimal(value or 0)


def erp_lines(tryton):
    """By key: the state of each move under it and its lines."""
    moves = tryton.read("account.move", [], ["description", "state", "company.party.name", "date"])
    lines = tryton.read(
        "account.move.line", [],
        ["move", "account.code", "debit", "credit", "party.code", "second_currency.code",
         "amount_second_currency"])
    result = {}
    for move in moves:
        mine = sorted(
            (line["account."]["code"], number(line["debit"]), number(line["credit"]),
             (line.get("party.") or {}).get("code") or "",
             (line.get("second_currency.") or {}).get("code") or "",
             number(line["amount_second_currency"]))
            for line in lines if line["move"] == move["id"])
        date = move["date"]
        day = f"{date['year']}-{date['month']:02}-{date['day']:02}"
        result.setdefault(move["description"], []).append((move["state"], day, mine))
    return result


def our_lines(entry):
    own, foreign = entry["functionalCurrency"], entry["currency"] != entry["functionalCurrency"]
    lines = []
    for line in entry["lines"]:
        amount, functional = Decimal(line["amount"]), Decimal(line["functionalAmount"])
        debit = line["side"] == "debit"
        has_second = foreign and amount != 0
        lines.append((
            line["account"], functional if debit else Decimal(0), Decimal(0) if debit else functional,
            (line.get("party") or "") if line["account"] in PARTY_ACCOUNTS else "",
            entry["currency"] if has_second else "",
            (amount if debit else -amount) if has_second else Decimal(0)))
    return sorted(lines)


def wait_for(port, process):
    for _ in range(300):
        if process.poll() is not None:
            fail("trytond ended: see trytond.log")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    fail("trytond does not answer")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    say("Installing Tryton and making its database …")
    subprocess.run(["sh", str(HERE / "server.sh"), str(FOLDER)], check=True)
    python = str(FOLDER / "venv/bin/python")
    port = int((FOLDER / "port").read_text())
    proxy = subprocess.Popen(
        [sys.executable, str(HERE / "proxy.py"), str(port), "7"], stdout=subprocess.PIPE, text=True)
    server = None
    try:
        proxy_port = int(proxy.stdout.readline())
        config = configure(proxy_port)
        (FOLDER / "books.json").write_text(json.dumps(books(config)))
        subprocess.run(
            [python, str(HERE / "seed.py"), str(FOLDER / "trytond.conf"), "erp",
             str(FOLDER / "books.json")], check=True)
        with open(FOLDER / "trytond.log", "wb") as log:
            server = subprocess.Popen(
                [str(FOLDER / "venv/bin/trytond"), "-c", str(FOLDER / "trytond.conf"), "-d", "erp"],
                stdout=log, stderr=log)
        wait_for(port, server)
        run(proxy_port, port)
    finally:
        for process in (proxy, server):
            if process:
                process.terminate()
                process.wait()


def run(proxy_port, port):
    postern("check")
    month = list(documents(60, random.Random(2026)))
    (FOLDER / "month.ndjson").write_text("".join(json.dumps(d) + "\n" for d in month))
    verdicts = json.loads(postern("submit", str(FOLDER / "month.ndjson"), "--output", "json"))
    say(f"Handed over {len(month)} documents: {verdicts.get('totals')}")
    postern("run", "--until", "idle", accept=(0, 1))
    for _ in range(60):
        waiting = [
            p for state in ("due", "waiting", "unknown", "sending")
            for p in json.loads(postern("list", "postings", "--state", state, "--output", "json"))["postings"]]
        if not waiting:
            break
        postern("run", "--until", "idle", accept=(0, 1))
    exceptions = postern("list", "exceptions", "--output", "json")
    if json.loads(exceptions)["exceptions"]:
        fail(f"exceptions are open: {exceptions}")
    with urllib.request.urlopen(f"http://127.0.0.1:{proxy_port}/") as answer:
        faults = json.load(answer)
    say(f"The proxy forwarded {faults['forwarded']} calls, lost {faults['answersLost']} answers and "
        f"{faults['requestsLost']} requests.")
    if not faults["answersLost"] or not faults["requestsLost"]:
        fail("no answer was lost: nothing is proven")
    compare(Tryton(port))
    for entity in COMPANIES:
        postern("reconcile", "--entity", entity, "--period", PERIOD)
    say("postern reconcile ties out for both companies.")


def compare(tryton):
    booked = erp_lines(tryton)
    entries = json.loads(
        postern("list", "entries", "--limit", "100000", "--output", "json"))["entries"]
    lines = 0
    for entry in entries:
        moves = booked.pop(entry["key"], [])
        if len(moves) != 1:
            fail(f"{entry['key']} is {len(moves)} times in Tryton's books")
        state, day, theirs = moves[0]
        if state != "posted" or day != entry["postingDate"] or theirs != our_lines(entry):
            fail(f"{entry['key']}: {state} {day} {theirs}\nis not {entry['postingDate']} {our_lines(entry)}")
        lines += len(theirs)
    if booked:
        fail(f"Tryton holds moves that are not ours: {list(booked)}")
    say(f"{len(entries)} entries with {lines} lines are in Tryton's books once each, line by line.")


main()
