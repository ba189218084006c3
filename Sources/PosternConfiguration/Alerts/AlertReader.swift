import AdapterKit
import Ledger

/// Reads `alerts.yaml`.
struct AlertReader {
  let classes: ExceptionClassCheck
  let findings: FindingList

  func read(_ document: YAMLValue) -> AlertSettings {
    SecretKeys.report(in: document, findings)
    var settings = AlertSettings()
    guard var table = TableReader(document, .alerts, findings) else { return settings }
    settings.mail = table.value("mail").flatMap { mail($0) }
    if let value = table.value("recipients") {
      for field in value.fields ?? [] {
        settings.recipients[field.key] = recipient(field.value, hasMail: settings.mail != nil)
      }
      if value.fields == nil {
        table.wrongType("recipients", value, expected: "a table of recipients by name")
      }
    }
    if let rules = table.value("rules") {
      for element in ListReader.elements(rules, findings) {
        if let rule = rule(element, names: settings.recipients.keys.sorted()) {
          settings.rules.append(rule)
        }
      }
    }
    table.finish()
    return settings
  }

  private func mail(_ value: YAMLValue) -> AlertSettings.Mail? {
    guard var table = TableReader(value, .alertMail, findings) else { return nil }
    let server = table.requiredText("server")
    if let server, !server.hasPrefix("smtp://"), !server.hasPrefix("smtps://") {
      findings.error(
        "wrong_type", table.place(of: "server"), "'server' is not the address of a mail server",
        fix: "Write smtp://host:port or smtps://host:port")
    }
    let from = table.requiredText("from")
    let user = table.text("user")
    let password = table.text("password").flatMap { SecretReference($0) }
    let encryption: AlertSettings.Mail.Encryption = table.choice("tls") ?? .required
    table.finish()
    guard let server, let from else { return nil }
    return AlertSettings.Mail(
      server: server, from: from, user: user, password: password, encryption: encryption)
  }

  private func recipient(_ value: YAMLValue, hasMail: Bool) -> AlertSettings.Recipient? {
    guard var table = TableReader(value, .alertRecipient, findings) else { return nil }
    let address = table.text("mail")
    let url = table.text("webhook")
    let secret = table.text("secret").flatMap { SecretReference($0) }
    table.finish()
    switch (address, url) {
    case (let address?, nil):
      if !hasMail {
        findings.error(
          "missing_key", value.place, "A recipient has a mail address, and no server is named",
          fix: "Add 'mail' with 'server' and 'from'")
      }
      return .mail(address: address)
    case (nil, let url?):
      return WebhookReader(findings: findings).webhook(url, secret, in: table).map {
        .webhook(url: $0.url, secret: $0.secret)
      }
    default:
      findings.error(
        "missing_key", value.place, "A recipient has either 'mail' or 'webhook'",
        fix: "Write one of the two")
      return nil
    }
  }

  private func rule(_ value: YAMLValue, names: [String]) -> AlertSettings.Rule? {
    guard var table = TableReader(value, .alertRule, findings) else { return nil }
    let match = classes.match(in: &table)
    var steps = [
      AlertSettings.Step(after: .zero, recipients: recipients("notify", in: &table, names))
    ]
    if let value = table.value("escalate") {
      for element in ListReader.elements(value, findings) {
        guard var step = TableReader(element, .alertStep, findings) else { continue }
        if step.value("after") == nil { step.missing("after") }
        let after = step.duration("after")
        let recipients = recipients("notify", in: &step, names)
        step.finish()
        if let after { steps.append(AlertSettings.Step(after: after, recipients: recipients)) }
      }
    }
    table.finish()
    return AlertSettings.Rule(match: match, steps: steps.sorted { $0.after < $1.after })
  }

  private func recipients(
    _ key: String, in table: inout TableReader, _ known: [String]
  ) -> [String] {
    let named = table.texts(key)
    if named.isEmpty { table.missing(key) }
    for name in named where !known.contains(name) {
      findings.error(
        "unknown_value", table.place(of: key), "There is no recipient '\(name)'",
        fix: Suggestion.fix(for: name, known: known))
    }
    return named
  }
}

/// Reads `{ url, secret }`.
struct WebhookReader {
  let findings: FindingList

  func read(_ value: YAMLValue) -> WebhookSettings? {
    guard var table = TableReader(value, .webhook, findings) else { return nil }
    let url = table.requiredText("url")
    let secret = table.text("secret").flatMap { SecretReference($0) }
    table.finish()
    return url.flatMap { webhook($0, secret, in: table) }
  }

  func webhook(
    _ url: String, _ secret: SecretReference?, in table: TableReader
  ) -> WebhookSettings? {
    guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
      findings.error(
        "wrong_type", table.place, "'\(url)' is no address of a webhook",
        fix: "Write https://…, or http:// inside one's own network")
      return nil
    }
    guard let secret else {
      findings.error(
        "missing_key", table.place,
        "A webhook has no 'secret': nobody could tell it from a forged one",
        fix: "Write secret: env:NAME or file:PATH")
      return nil
    }
    return WebhookSettings(url: url, secret: secret)
  }
}
