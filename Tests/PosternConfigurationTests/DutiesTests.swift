import AdapterKit
import Ledger
import PosternConfiguration
import Testing

/// `exceptions.yaml`, `alerts.yaml`, and the keys of other files that belong to them.
@Suite struct DutiesTests {
  @Test func `owners, times, second people and alerts are read`() throws {
    let configuration = try SampleFolder([
      "exceptions.yaml": """
      secondPerson: [resolve, declareAbsent]
      rules:
        - { class: missing_mapping, entity: ACME, owner: chart, sla: 4h }
        - { connection: erp, owner: accounting }

      """,
      "alerts.yaml": """
      mail: { server: "smtps://mail.example.com", from: p@example.com, user: p, password: env:PW }
      recipients:
        chat: { webhook: https://chat.example.com, secret: env:CHAT }
        boss: { mail: boss@example.com }
      rules:
        - class: missing_mapping
          notify: chat
          escalate:
            - { after: 2h, notify: [boss, chat] }
            - { after: 30m, notify: boss }

      """,
      "sources/billing.yaml":
        "entity: ACME\nwebhook: { url: https://billing.example.com, secret: env:HOOK }\n",
      "postern.yaml": """
      installation: 0123456789abcdef
      defaultSource: billing
      audit: { key: file:audit.pem, every: 50 }

      """,
    ]).load()
    let exceptions = configuration.exceptions
    #expect(exceptions.secondPerson == [.resolve, .declareAbsent])
    #expect(exceptions.rules.map(\.owner) == ["chart", "accounting"])
    #expect(exceptions.rules.map(\.sla) == [.seconds(4 * 3_600), nil])
    #expect(exceptions.rules[0].match.exceptionClass == "missing_mapping")
    #expect(exceptions.rules[0].match.entity == LegalEntityID("ACME"))
    #expect(exceptions.rules[1].match.connection == ConnectionID("erp"))
    let alerts = configuration.alerts
    #expect(alerts.mail?.password == .environment("PW") && alerts.mail?.encryption == .required)
    #expect(alerts.recipients.count == 2)
    #expect(alerts.rules[0].steps.map(\.recipients) == [["chat"], ["boss"], ["boss", "chat"]])
    #expect(alerts.rules[0].steps.map(\.after) == [.zero, .seconds(1_800), .seconds(7_200)])
    let webhook = configuration.source("billing")?.webhook
    #expect(
      webhook?.url == "https://billing.example.com" && webhook?.secret == .environment("HOOK"))
    #expect(configuration.installation.audit == AuditSettings(key: .file("audit.pem"), every: 50))
  }

  @Test func `without these files nobody owns, approves or is told anything`() throws {
    let configuration = try SampleFolder().load()
    #expect(configuration.exceptions == ExceptionSettings())
    #expect(configuration.alerts == AlertSettings())
    #expect(configuration.installation.audit.key == nil)
  }

  @Test(arguments: [
    ("exceptions.yaml", "secondPerson: [fly]\n", "error unknown_value exceptions.yaml:1"),
    ("exceptions.yaml", "rules: [{ entity: X }]\n", "error unknown_entity exceptions.yaml:1"),
    ("exceptions.yaml", "rules: [{ sla: soon }]\n", "error wrong_type exceptions.yaml:1"),
    (
      "exceptions.yaml", "rules: [{ connection: x }]\n",
      "error unknown_connection exceptions.yaml:1"
    ),
    (
      "alerts.yaml", "recipients: { a: { mail: a@example.com } }\n",
      "error missing_key alerts.yaml:1"
    ),
    (
      "alerts.yaml", "recipients: { a: { webhook: https://x.example } }\n",
      "error missing_key alerts.yaml:1"
    ),
    (
      "alerts.yaml", "recipients: { a: { webhook: https://x.example, secret: hidden } }\n",
      "error secret_inline alerts.yaml:1"
    ),
    ("alerts.yaml", "rules: [{ notify: nobody }]\n", "error unknown_value alerts.yaml:1"),
    ("alerts.yaml", "rules: [{}]\n", "error missing_key alerts.yaml:1"),
    (
      "alerts.yaml", "mail: { server: mail.example.com, from: a@b.c }\n",
      "error wrong_type alerts.yaml:1"
    ),
    (
      "sources/billing.yaml", "entity: ACME\nwebhook: { url: ftp://x, secret: env:A }\n",
      "error wrong_type sources/billing.yaml:2"
    ),
  ])
  func `what is wrong is named by file and line`(file: String, text: String, finding: String) {
    let findings = SampleFolder([file: text]).findings
    #expect(findings.contains(finding), "\(findings)")
  }

  @Test func `a class that does not exist is refused where classes are known`() throws {
    let loader = ConfigurationLoader(
      adapters: SampleFolder.adapters, exceptionClasses: ["missing_mapping"], environment: [:])
    let folder = SampleFolder(["exceptions.yaml": "rules: [{ class: missing_maping }]\n"]).folder
    let faults = #expect(throws: ConfigurationFaults.self) {
      try loader.load(folder, at: "/configuration")
    }
    #expect(faults?.problems.first?.fix.contains("missing_mapping") == true)
  }
}
