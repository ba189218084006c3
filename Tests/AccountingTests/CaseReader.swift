import Foundation
import Ledger
import TestSupport
import Yams

/// Reads `Cases/<topic>/<name>.yaml`.
struct CaseReader {
  static let folder = SharedData.repositoryRoot + "/Tests/AccountingTests/Cases"

  /// The folders of cases, in order.
  static let topics: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.first?.isNumber == true }.sorted()
  }()

  /// Every case as `topic/name`, in the order of their tables.
  static let names: [String] = topics.flatMap { topic in
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + topic)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }
      .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
      .map { topic + "/" + $0.dropLast(".yaml".count) }
  }

  /// Stories of several steps that are audited and have no page, by name.
  static let scenarioFolder = SharedData.repositoryRoot + "/Tests/AccountingTests/Scenarios"
  static let scenarios: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: scenarioFolder)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }
      .sorted()
  }()

  private let place: String

  static func readScenario(_ name: String) throws -> AccountingCase {
    let text = try String(contentsOfFile: "\(scenarioFolder)/\(name).yaml", encoding: .utf8)
    guard let node = try Yams.compose(yaml: text) else { throw CaseFault("\(name) is empty") }
    return try CaseReader(place: "scenario/" + name).read(node)
  }

  static func read(_ name: String) throws -> AccountingCase {
    let file = folder + "/" + name + ".yaml"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    guard let node = try Yams.compose(yaml: text) else { throw CaseFault("\(name) is empty") }
    return try CaseReader(place: name).read(node)
  }

  private func read(_ node: Node) throws -> AccountingCase {
    var fields = try CaseFields(node, in: place)
    let parts = place.split(separator: "/").map(String.init)
    let title = try fields.requiredText("title")
    let text = try fields.text("text") ?? ""
    let books = try files(fields.fields("books"))
    let policies = try policies(fields.fields("policies"))
    let tables = try fields.list("tables").compactMap { $0.scalar?.string }
    let steps = try fields.list("steps").enumerated().map { index, node in
      try CaseReader(place: "\(place), step \(index + 1)").step(node)
    }
    try fields.finish()
    return AccountingCase(
      topic: parts[0], name: parts[1], title: title, text: text, books: books,
      policies: policies, tables: tables, steps: steps)
  }

  private func files(_ fields: CaseFields?) throws -> [String: String] {
    guard var fields else { return [:] }
    var files: [String: String] = [:]
    for file in fields.keys {
      guard let node = fields.take(file) else { continue }
      files[file] = try node.scalar?.string ?? Yams.serialize(node: node)
    }
    return files
  }

  private func policies(_ fields: CaseFields?) throws -> [String: [AccountingCase.Policy]] {
    guard var fields else { return [:] }
    var policies: [String: [AccountingCase.Policy]] = [:]
    for entity in fields.keys {
      guard var values = try fields.fields(entity) else { continue }
      policies[entity] = try values.keys.map { key in
        let yaml = try values.take(key).map { try Yams.serialize(node: $0) } ?? ""
        return AccountingCase.Policy(
          key: key, value: yaml.trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }
    return policies
  }

  // MARK: Steps

  private func step(_ node: Node) throws -> CaseStep {
    var fields = try CaseFields(node, in: place)
    let action = try action(&fields)
    let exception = try fields.text("exception")
    let invalid = try fields.text("invalid")
    let refused = try fields.text("refused")
    let waits = try fields.value("waits") { Bool($0) } ?? false
    let outcome: CaseStep.Outcome =
      if let exception {
        .exception(exception)
      } else if let invalid {
        .invalid(invalid)
      } else if let refused {
        .refused(refused)
      } else {
        waits ? .waits : .done
      }
    let step = CaseStep(
      action: action, text: try fields.text("text"),
      day: try fields.value("on") { CalendarDate($0) },
      entries: try fields.list("entries").map { try entry($0) }, outcome: outcome)
    try fields.finish()
    return step
  }

  private func action(_ fields: inout CaseFields) throws -> CaseStep.Action {
    if let node = fields.take("submit") { return .submit(try DocumentJSON(place).document(node)) }
    if let identity = try fields.value("reverse", { DocumentIdentity($0) }) {
      return .reverse(identity)
    }
    if try fields.text("post") != nil { return .post }
    if let run = try period("recognise", &fields) { return .recognise(run) }
    if let run = try period("accrue", &fields) { return .accrue(run) }
    if let run = try period("revalue", &fields) { return .revalue(run) }
    if let run = try period("summarise", &fields) { return .summarise(run) }
    if let period = try period("close", &fields) { return .close(period) }
    if let period = try period("open", &fields) { return .open(period) }
    if let entry = try booked(&fields) { return .book(entry) }
    throw fields.fault("no known step among: " + fields.keys.joined(separator: ", "))
  }

  private func booked(_ fields: inout CaseFields) throws -> BookedEntry? {
    guard var value = try fields.fields("book") else { return nil }
    guard let date = try value.value("date", { CalendarDate($0) }),
      let debit = try value.value("debit", { AccountRole(rawValue: $0) }),
      let credit = try value.value("credit", { AccountRole(rawValue: $0) })
    else { throw value.fault("'date', 'debit' or 'credit' is missing") }
    let entry = BookedEntry(
      entity: LegalEntityID(try value.requiredText("entity")), date: date,
      description: try value.requiredText("description"), debit: debit, credit: credit,
      amount: try value.requiredText("amount"))
    try value.finish()
    return entry
  }

  private func period(_ key: String, _ fields: inout CaseFields) throws -> EntityPeriod? {
    guard var value = try fields.fields(key) else { return nil }
    let entity = LegalEntityID(try value.requiredText("entity"))
    guard let period = try value.value("period", { FiscalPeriod($0) }) else {
      throw value.fault("'period' is missing")
    }
    let ledger = try value.text("ledger") ?? EntryHead.primaryLedger
    try value.finish()
    return EntityPeriod(entity: entity, period: period, ledger: ledger)
  }

  // MARK: Expected entries

  private func entry(_ node: Node) throws -> ExpectedEntry {
    var fields = try CaseFields(node, in: place)
    let functional = try fields.value("functional") { Currency($0) }
    let entry = ExpectedEntry(
      table: try fields.text("table"),
      entity: try fields.text("entity").map { LegalEntityID($0) },
      ledger: try fields.text("ledger"),
      kind: try fields.value("kind") { EntryKind(rawValue: $0) },
      date: try fields.value("date") { CalendarDate($0) },
      currency: try fields.value("currency") { Currency($0) }, functional: functional,
      reverses: try fields.value("reverses") { Bool($0) },
      lines: try fields.list("lines").map { try line($0, hasFunctional: functional != nil) })
    try fields.finish()
    return entry
  }

  private func line(_ node: Node, hasFunctional: Bool) throws -> ExpectedEntry.Line {
    var fields = try CaseFields(node, in: place)
    guard let role = try fields.value("role", { AccountRole(rawValue: $0) }) else {
      throw fields.fault("a line has no role")
    }
    let debit = try fields.text("debit")
    let credit = try fields.text("credit")
    guard let amount = debit ?? credit, debit == nil || credit == nil else {
      throw fields.fault("a line has either a debit or a credit")
    }
    let line = ExpectedEntry.Line(
      role: role, side: debit == nil ? .credit : .debit, amount: amount,
      functional: try fields.text("functional"), account: try fields.text("account"),
      tax: try fields.text("tax"), base: try fields.text("base"),
      party: try fields.text("party"), note: try fields.text("note"))
    if hasFunctional, line.functional == nil {
      throw fields.fault("line \(role) has no functional amount")
    }
    try fields.finish()
    return line
  }
}
