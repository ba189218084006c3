import Digest
import Foundation

/// Reads a record into a draft for the books.
struct NetSuiteReader {
  let setup: NetSuiteSetup
  let directory: NetSuiteDirectory
  /// Unknown names are refused; otherwise nobody notices them.
  let refusesUnknownNames: Bool

  /// What a record asks for, and of which company.
  struct Reading: Sendable {
    let record: NetSuiteRecord
    let company: String
    var draft: EntryDraft
    /// When NetSuite is to book the opposite; nil never.
    let reversalDate: String?
  }

  /// - Parameter externalID: of the path; nil takes that of the body.
  func read(
    _ body: JSONValue, as record: NetSuiteRecord, externalID: String? = nil
  ) throws(Trouble) -> Reading {
    guard let members = body.members else {
      throw NetSuiteProblem.content("A record is a JSON object")
    }
    try checkNames(of: members, in: record)
    let own = try text("externalId", of: body)
    if let externalID, let own, own != externalID {
      throw NetSuiteProblem.content("The external ids differ", at: "externalId")
    }
    // MockBooks know every entry by a key.
    let key = externalID ?? own ?? Self.noExternalID + Hex.encode(SecureRandom().bytes(8))
    guard !key.contains("|") else {
      throw NetSuiteProblem.content("An external id has no |", at: "externalId")
    }
    guard let company = try reference("subsidiary", .subsidiary, of: body) else {
      throw NetSuiteProblem.user("Please enter a value for Subsidiary.", at: "subsidiary")
    }
    let date = try text("tranDate", of: body) ?? ""
    let currency = try reference("currency", .currency, of: body)
    let parts = try lines(of: body, as: record)
    let reversalDate = try text("reversalDate", of: body)
    let draft = EntryDraft(
      externalKey: key, postingDate: date, currency: currency ?? setup.baseCurrency,
      functionalCurrency: setup.baseCurrency, number: try text("tranId", of: body),
      description: try text("memo", of: body), lines: parts.lines,
      exchangeRate: try rate(of: body, as: record, company: company) ?? "1",
      native: NativeDocument(
        kind: record.rawValue, period: try period(of: body, date: date),
        facts: try facts(of: body, record), settles: parts.settles,
        movesToOpenPeriod: setup.movesPeriods && body["postingPeriod"] == nil))
    return Reading(record: record, company: company, draft: draft, reversalDate: reversalDate)
  }

  /// Keys of entries that have no external id begin so.
  static let noExternalID = "no external id "

  // MARK: Header

  /// Of the header, or of the lines of an advanced intercompany journal, which are all of one company
  /// here.
  private func rate(
    of body: JSONValue, as record: NetSuiteRecord, company: String
  ) throws(Trouble) -> String? {
    guard record == .advIntercompanyJournalEntry else {
      return try decimal("exchangeRate", of: body)
    }
    var rates: Set<String?> = []
    for (index, line) in (body["line"]?["items"]?.elements ?? []).enumerated() {
      let path = "line.items[\(index)]"
      let name = "lineSubsidiary"
      guard let own = try reference(name, .subsidiary, of: line, at: "\(path).\(name)") else {
        throw NetSuiteProblem.user("Please enter a value for Subsidiary.", at: "\(path).\(name)")
      }
      guard own == company else {
        throw NetSuiteProblem.user(
          "Lines of another subsidiary are not imitated.", at: "\(path).\(name)")
      }
      let partner = try reference(
        "dueToFromSubsidiary", .subsidiary, of: line, at: path + ".dueToFromSubsidiary")
      guard partner != company else {
        throw NetSuiteProblem.user(
          "A subsidiary owes nothing to itself.", at: path + ".dueToFromSubsidiary")
      }
      rates.insert(try decimal("lineFxRate", of: line, at: path + ".lineFxRate"))
    }
    guard rates.count < 2 else {
      throw NetSuiteProblem.user("The lines have several rates.", at: "line.items[0].lineFxRate")
    }
    return rates.first ?? nil
  }

  private func period(of body: JSONValue, date: String) throws(Trouble) -> String? {
    guard let value = body["postingPeriod"] else { return nil }
    guard let id = value["id"]?.scalar, let month = NetSuitePeriod.month(of: id) else {
      throw Trouble(
        status: 400, code: "invalid_period", message: "There is no such period",
        field: "postingPeriod")
    }
    guard setup.allowsDateOutsidePeriod || CalendarDay(date)?.period ?? month == month else {
      throw Trouble(
        status: 400, code: "date_outside_period",
        message: "\(date) is not in \(NetSuitePeriod.name(of: month))", field: "tranDate")
    }
    return month
  }

  /// The members that are shown again as they came: custom fields, terms and the like.
  private func facts(
    of body: JSONValue, _ record: NetSuiteRecord
  ) throws(Trouble) -> [String: String] {
    var facts: [String: String] = [:]
    let shown = ["dueDate", "otherRefNum", "reversalDate"]
    for (name, value) in body.members ?? [:]
    where name.hasPrefix("custbody") || shown.contains(name) {
      facts[name] = value.scalar ?? value["id"]?.scalar
    }
    for (name, kind) in Self.dimensions {
      facts[name] = try reference(name, kind, of: body)
    }
    return facts
  }

  static let dimensions: [(name: String, kind: NetSuiteDirectory.Kind)] = [
    ("department", .department), ("class", .classification), ("location", .location),
  ]

  private func checkNames(
    of members: [String: JSONValue], in record: NetSuiteRecord
  ) throws(Trouble) {
    guard refusesUnknownNames else { return }
    for name in members.keys.sorted()
    where !record.header.contains(name) && !name.hasPrefix("custbody") {
      throw Self.unknown(name)
    }
    for (sublist, names) in record.lines where record.header.contains(sublist) {
      for (index, line) in (members[sublist]?["items"]?.elements ?? []).enumerated() {
        for name in (line.members ?? [:]).keys.sorted()
        where !names.contains(name) && !name.hasPrefix("custcol") {
          throw Self.unknown("\(sublist).items[\(index)].\(name)")
        }
      }
    }
  }

  private static func unknown(_ path: String) -> Trouble {
    NetSuiteProblem.content("Error while accessing a resource. Unknown property \(path)", at: path)
  }

  // MARK: Values

  func reference(
    _ name: String, _ kind: NetSuiteDirectory.Kind, of value: JSONValue, at path: String? = nil
  ) throws(Trouble) -> String? {
    let path = path ?? name
    guard let member = value[name], member != .null else { return nil }
    guard case .object = member else {
      throw NetSuiteProblem.content("A reference has an id or an externalId", at: path)
    }
    if let code = member["externalId"]?.scalar {
      // People's codes are the external ids of master data.
      _ = directory.id(of: code, kind)
      return code
    }
    guard let id = member["id"]?.scalar else {
      throw NetSuiteProblem.content("A reference has an id or an externalId", at: path)
    }
    guard let code = directory.code(of: id, kind) else {
      let names: [NetSuiteDirectory.Kind: String] = [.customer: "entity"]
      throw Trouble(
        status: 400, code: "USER_ERROR",
        message: "Error while accessing a resource. "
          + "Invalid \(names[kind] ?? kind.rawValue) reference key \(id).", field: path)
    }
    return code
  }

  func text(_ name: String, of value: JSONValue, at path: String? = nil) throws(Trouble) -> String?
  {
    switch value[name] {
    case nil, .null: return nil
    case .text(let text): return text
    default: throw NetSuiteProblem.content("A text is expected", at: path ?? name)
    }
  }

  func decimal(
    _ name: String, of value: JSONValue, at path: String? = nil
  ) throws(Trouble) -> String? {
    switch value[name] {
    case nil, .null: return nil
    case .number(let number): return "\(number)"
    default: throw NetSuiteProblem.content("A number is expected", at: path ?? name)
    }
  }
}
