import AdapterKit
import Intake
import Ledger
import PosternConfiguration
import PostingRules
import Testing

@Suite struct LoadedConfigurationTests {
  @Test func `a small correct folder gives no finding`() {
    #expect(SampleFolder().findings == [])
  }

  @Test func `every key of an entity arrives`() throws {
    let entity = """
      code: ACME
      name: "Acme: the company"
      country: NO
      currency: NOK
      timeZone: Europe/Oslo
      fiscalYearStart: 4
      periods: { closed: [2026-08, 2026-09] }
      connection: { primary: erp, ifrs: erp }
      chart: acme.csv
      policies:
        deferral: on
        closedPeriod: nextOpen
        posting: summary
        rounding: halfEven
        taxTolerance: 0.05
        discounts: net
        taxAtOfficialRate: true
        rateMaximumAgeDays: 7
        rateType: spot
        rateSource: ECB
        earlyPaymentDiscountTax: unchanged
        lostChargeback: claim
        badDebtTaxRelief: true
      """
    let configuration = try SampleFolder([
      "entities/ACME.yaml": entity,
      "charts/acme.csv": "number,name,type\n0100,\"All, of it\",asset\n",
      "postern.yaml": "installation: 0123456789abcdef\ngroups: { NORTH: [ACME], ALL: [ACME] }\n",
      "rates/ecb.csv": "date,from,to,rate,type,source\n2026-01-02,EUR,NOK,11.7,spot,ECB\n",
    ]).load()
    let rules = try #require(configuration.rules.entities[LegalEntityID("ACME")])
    #expect(
      rules.entity
        == LegalEntity(
          id: LegalEntityID("ACME"), name: "Acme: the company", country: "NO",
          functionalCurrency: try #require(Currency("NOK")), timeZone: "Europe/Oslo",
          fiscalYearStart: 4))
    #expect(rules.groups == ["NORTH", "ALL"])
    #expect(rules.closedPeriods.map(\.text).sorted() == ["2026-08", "2026-09"])
    #expect(
      rules.connections == ["primary": ConnectionID("erp"), "ifrs": ConnectionID("erp")])
    var policies = EntityPolicies()
    policies.deferral = .daily
    policies.closedPeriod = .nextOpen
    policies.posting = .summary
    policies.rounding = .halfEven
    policies.taxTolerance = try ExactDecimal("0.05")
    policies.discounts = .net
    policies.taxAtOfficialRate = true
    policies.rateMaximumAgeDays = 7
    policies.rateType = "spot"
    policies.rateSource = "ECB"
    policies.earlyPaymentDiscountTax = .unchanged
    policies.lostChargeback = .claim
    policies.badDebtTaxRelief = true
    #expect(rules.policies == policies)
    let chart = try #require(configuration.entity(LegalEntityID("ACME"))?.chart)
    #expect(chart.accounts.map(\.name) == ["All, of it"])
    #expect(chart.contains(AccountCode("0100")))
  }

  @Test func `codes stay text, whatever they look like`() throws {
    let rows = """
      - when: { product: 0400, country: NO, customer: 1e3, taxRate: 19.00 }
        account: 0400
      - when: { product: [007, true, 2026-10-31] }
        account: 0x10
      - account: 1200.50
        dimensions: { department: 010 }
      """
    let configuration = try SampleFolder(["accounts/revenue.yaml": rows]).load()
    let table = try #require(configuration.rules.accounts.tables[.revenue])
    #expect(table.rows.map(\.account.code) == ["0400", "0x10", "1200.50"])
    #expect(
      table.rows[0].conditions == [
        AccountCondition(.product, .equals("0400")), AccountCondition(.country, .equals("NO")),
        AccountCondition(.customer, .equals("1e3")), AccountCondition(.taxRate, .equals("19")),
      ])
    #expect(
      table.rows[1].conditions == [
        AccountCondition(.product, .oneOf(["007", "true", "2026-10-31"]))
      ])
    #expect(table.rows[2].dimensions == ["department": "010"])
  }

  @Test func `rows keep prefixes, ranges and effective dates`() throws {
    let rows = """
      - when: { product: { prefix: API- }, taxRate: { from: 5, through: 10 } }
        from: 2026-01-01
        through: 2026-12-31
        account: 4400
      - when: { dimension.region: EU, custom.channel: web }
        account: 4500
      - account: 4000
      """
    let configuration = try SampleFolder(["accounts/revenue.yaml": rows]).load()
    let table = try #require(configuration.rules.accounts.tables[.revenue])
    #expect(table.file == "accounts/revenue.yaml")
    #expect(
      table.rows[0]
        == AccountRow(
          number: 1,
          conditions: [
            AccountCondition(.product, .prefix("API-")),
            AccountCondition(.taxRate, .range(from: "5", through: "10")),
          ], from: CalendarDate("2026-01-01"), through: CalendarDate("2026-12-31"),
          account: AccountCode("4400")))
    #expect(
      table.rows[1].conditions == [
        AccountCondition(.dimension("region"), .equals("EU")),
        AccountCondition(.custom("channel"), .equals("web")),
      ])
  }

  @Test func `tax codes and bank accounts bring rows of their own`() throws {
    let configuration = try SampleFolder([
      "taxes.yaml": "- { code: DE-19, category: S, rate: 19, account: 3806 }\n- code: DE-0\n",
      "bank-accounts.yaml": """
      - { code: MAIN, kind: bank, entity: ACME, currency: EUR, account: 1800 }
      - { code: CARDS, kind: processor }
      """,
    ]).load()
    #expect(
      configuration.rules.taxCodes["DE-19"]
        == TaxCode(code: "DE-19", category: .standard, rate: ExactDecimal(19)))
    #expect(configuration.rules.taxCodes["DE-0"] == TaxCode(code: "DE-0"))
    let tax = try #require(configuration.rules.accounts.tables[.taxPayable])
    #expect(
      tax.rows.last
        == AccountRow(
          number: 1, file: "taxes.yaml",
          conditions: [AccountCondition(.taxCode, .equals("DE-19"))], account: AccountCode("3806")))
    #expect(configuration.rules.moneyAccounts["CARDS"]?.role == .processorClearing)
    let bank = try #require(configuration.rules.accounts.tables[.bank])
    #expect(bank.rows.last?.file == "bank-accounts.yaml")
    #expect(bank.rows.last?.level == .entity)
  }

  @Test func `a connection keeps the adapter's keys apart from its own`() throws {
    let file = """
      adapter: generic-rest
      url: http://127.0.0.1:8081
      company: 0400
      headers: { X-Version: 2, X-Dry: true, X-Old: 007 }
      auth: { token: env:ERP_TOKEN }
      limits: { concurrency: 15, perSecond: 10, perMinute: 100, perDay: 5000, perMonth: 90000,
        errorsPerHour: 20, retryPercent: 5 }
      timeouts: { connect: 500ms, request: 2m }
      errors: [{ match: { code: 4711 }, outcome: unknown }]
      readBack: http://127.0.0.1:8081/books?c={company}&p={period}
      pollEvery: 30s
      acknowledgeWithin: 1d
      timeZone: Europe/Oslo
      blackouts:
        - { days: [friday, saturday], from: "22:30", through: "06:00" }
        - { from: "12:00", through: "12:15" }
      """
    let folder = SampleFolder(["connections/erp.yaml": file])
    let loader = ConfigurationLoader(
      adapters: SampleFolder.adapters, environment: ["ERP_TOKEN": "sesame"])
    let configuration = try loader.load(folder.folder, at: "/configuration")
    let connection = try #require(configuration.connection(ConnectionID("erp")))
    #expect(
      connection.settings.keys == ["auth", "company", "errors", "headers", "timeouts", "url"])
    let timeout = try connection.settings.table("timeouts")
    #expect(try timeout.integer("request", default: 30, in: 1...3_600) == 120)
    #expect(try connection.settings.text("company") == "0400")
    #expect(try connection.settings.table("auth").secret("token") == "sesame")
    let headers = try connection.settings.table("headers")
    #expect(headers.value("X-Version")?.content == .integer(2))
    #expect(headers.value("X-Dry")?.content == .boolean(true))
    #expect(headers.value("X-Old")?.content == .text("007"))
    #expect(headers.value("X-Old")?.place == "connections/erp.yaml:4")
    #expect(connection.limits.concurrency == 15)
    #expect(connection.limits.perSecond == 10)
    #expect(connection.limits.perMinute == 100)
    #expect(connection.limits.perDay == 5_000)
    #expect(connection.limits.perMonth == 90_000)
    #expect(connection.limits.errorsPerHour == 20)
    #expect(connection.limits.retryPercent == 5)
    #expect(connection.timeZone == "Europe/Oslo")
    #expect(connection.blackouts.map(\.from) == [1_350, 720])
    #expect(connection.blackouts.map(\.through) == [360, 735])
    #expect(connection.blackouts.map(\.days.count) == [2, 7])
    #expect(connection.timeouts.connect == .milliseconds(500))
    #expect(connection.timeouts.request == .seconds(120))
    #expect(connection.errors == connection.settings.value("errors"))
    #expect(connection.errors?.place == "connections/erp.yaml:9")
    #expect(connection.readBack == "http://127.0.0.1:8081/books?c={company}&p={period}")
    #expect(connection.pollEvery == .seconds(30))
    #expect(connection.acknowledgeWithin == .seconds(86_400))
  }

  @Test func `a source keeps its policies`() throws {
    let file = """
      format: ubl
      entity: ACME
      entityFrom: { field: sellerTaxID, entities: { DE123456789: ACME } }
      approval: trusted
      identity: sellerAndNumber
      documentPeriodAppliesToLines: true
      selfBilled: accept
      webhookSecret: file:secrets/webhook
      """
    let configuration = try SampleFolder(["sources/billing.yaml": file]).load()
    let source = try #require(configuration.defaultSource)
    #expect(
      source.source
        == IntakeSource(
          code: "billing", format: .ubl, entity: LegalEntityID("ACME"),
          entityFrom: EntityMapping(
            field: .sellerTaxID, entities: ["DE123456789": LegalEntityID("ACME")]),
          approval: .trusted, identity: .sellerAndNumber, documentPeriodAppliesToLines: true,
          selfBilled: .accept))
    #expect(source.webhookSecret == .file("secrets/webhook"))
  }

  @Test(arguments: [
    ("installation: 0123456789abcdef\n", "/configuration/data/postern.sqlite"),
    (
      "installation: 0123456789abcdef\nstore: { sqlite: books.sqlite }\n",
      "/configuration/books.sqlite"
    ),
    ("installation: 0123456789abcdef\nstore: { sqlite: /var/lib/p.sqlite }\n", "/var/lib/p.sqlite"),
  ])
  func `the store lies in the folder unless it says otherwise`(text: String, path: String) throws {
    let configuration = try SampleFolder(["postern.yaml": text]).load()
    #expect(configuration.installation.store == .sqlite(path: path))
  }

  @Test func `limits of intake can be changed one by one`() throws {
    let configuration = try SampleFolder([
      "postern.yaml": "installation: 0123456789abcdef\nlimits: { lines: 5, jsonDepth: 64 }\n"
    ]).load()
    #expect(configuration.installation.limits == IntakeLimits(jsonDepth: 64, lines: 5))
  }

  @Test func `rates are exact from their text`() throws {
    let configuration = try SampleFolder([
      "rates/a.csv": "date,from,to,rate,source\r\n2026-01-01,JPY,EUR,0.0061234567,ECB\r\n"
    ]).load()
    let rate = configuration.rules.rates.rate(
      from: try #require(Currency("JPY")), to: try #require(Currency("EUR")),
      on: try #require(CalendarDate("2026-02-01")))
    #expect(rate?.rate.text == "0.0061234567")
    #expect(configuration.hasSampleRates == false)
  }

  @Test func `a rule test keeps its document as JSON with texts for amounts`() throws {
    let file = """
      - name: an invoice
        source: billing
        document:
          type: invoice
          revision: 2
          prepayment: true
          currency: EUR
          custom: { note: "a \\"quoted\\"\\nline" }
          lines: [{ id: 1, net: 100.00 }]
        lines:
          - { role: revenue, account: 0100, side: credit, amount: 100.00 }
      - name: one that stops
        document: { type: invoice }
        stops: missing_mapping
      """
    let tests = try SampleFolder(["tests/a.yaml": file]).load().ruleTests
    #expect(tests.map(\.name) == ["an invoice", "one that stops"])
    #expect(
      tests[0].document
        == #"{"type":"invoice","revision":2,"prepayment":true,"currency":"EUR","#
        + #""custom":{"note":"a \"quoted\"\u000aline"},"lines":[{"id":"1","net":"100.00"}]}"#)
    guard case .lines(let lines) = tests[0].expectation else {
      Issue.record("the first test expects lines")
      return
    }
    #expect(lines.map(\.amount) == ["100.00"])
    #expect(lines.map(\.account.code) == ["0100"])
    #expect(tests[1].expectation == .stops("missing_mapping"))
  }
}
