import Foundation

/// Words booked entries as records.
struct NetSuiteView: Sendable {
  let directory: NetSuiteDirectory
  /// `http://host/services/rest/record/v1`
  let address: String

  func location(of entry: BookedEntry) -> String {
    location(of: entry.serial, kind: entry.content.native?.kind ?? "journalEntry")
  }

  /// The vendor's own samples have the record's name in lower case.
  func location(of serial: Int, kind: String) -> String {
    "\(address)/\(kind.lowercased())/\(NetSuite.id(of: serial))"
  }

  /// - Parameters:
  ///   - open: what is left to be paid, in minor units.
  ///   - reversal: what was booked against it; nil when nothing was.
  ///   - isWhole: with the lines, not only a link to them.
  func record(
    of entry: BookedEntry, open: Int64, reversal: BookedEntry?, isWhole: Bool
  ) -> JSONText {
    let content = entry.content
    let record = NetSuiteRecord(path: content.native?.kind ?? "") ?? .journalEntry
    let isNamed = !content.externalKey.hasPrefix(NetSuiteReader.noExternalID)
    var members: [(String, JSONText?)] = [
      ("links", links(location(of: entry))), ("id", .string(NetSuite.id(of: entry.serial))),
      ("externalId", isNamed ? .string(content.externalKey) : nil),
      ("tranId", .string(entry.number)), ("tranDate", .string(content.postingDate)),
      ("subsidiary", reference(entry.company, .subsidiary)),
      ("currency", reference(content.currency, .currency)),
      ("exchangeRate", .decimal(content.rate)),
      (
        "postingPeriod",
        NetSuitePeriod.id(of: content.period).map {
          reference(id: $0, name: NetSuitePeriod.name(of: content.period))
        }
      ),
      ("memo", .optional(content.description)),
      ("createdDate", .string(Timestamp.text(entry.postedAt))),
    ]
    for (name, kind) in NetSuiteReader.dimensions {
      members.append((name, content.native?.facts[name].map { reference($0, kind) }))
    }
    for (name, value) in (content.native?.facts ?? [:]).sorted(by: { $0.key < $1.key })
    where !NetSuiteReader.dimensions.contains(where: { $0.name == name }) {
      members.append((name, .string(value)))
    }
    let isReversal = content.native?.facts["isReversal"] != nil
    if isReversal { members.removeAll { $0.0 == "isReversal" } }
    members += self.members(of: entry, as: record, open: open)
    if record.isJournal {
      members.append(
        ("approvalStatus", reference(id: "2", name: "Approved for Posting")))
      members.append(("isReversal", .boolean(isReversal)))
      members.append(
        (
          "reversalEntry",
          reversal.map { reference(id: NetSuite.id(of: $0.serial), name: $0.number) }
        ))
    }
    members.append(
      (
        record.sublist,
        isWhole
          ? collection(items(of: entry, as: record))
          : .object([("links", links(location(of: entry) + "/" + record.sublist))])
      ))
    return .object(members)
  }

  private func members(
    of entry: BookedEntry, as record: NetSuiteRecord, open: Int64
  ) -> [(String, JSONText?)] {
    let content = entry.content
    let party = content.lines.compactMap(\.party).first
    let total = content.lines.reduce(Int64(0)) { $0 + ($1.side == .debit ? $1.amount : 0) }
    switch record {
    case .journalEntry, .advIntercompanyJournalEntry: return []
    case .invoice, .creditMemo:
      let whole = content.lines.first.map(\.amount) ?? total
      return [
        ("entity", party.map { reference($0, .customer) }),
        ("account", content.lines.first.map { reference($0.account, .account) }),
        ("total", amount(whole, content)),
        ("amountRemaining", record == .invoice ? amount(open, content) : nil),
      ]
    case .customerPayment:
      return [
        ("customer", party.map { reference($0, .customer) }),
        ("account", content.lines.first.map { reference($0.account, .account) }),
        ("arAcct", content.lines.last.map { reference($0.account, .account) }),
        ("payment", amount(total, content)),
      ]
    }
  }

  private func items(of entry: BookedEntry, as record: NetSuiteRecord) -> [JSONText] {
    let content = entry.content
    switch record {
    case .journalEntry, .advIntercompanyJournalEntry:
      return content.lines.enumerated().map { index, line in
        .object(
          [
            ("line", .integer(index + 1)), ("account", reference(line.account, .account)),
            (line.side.rawValue, amount(line.amount, content)),
            ("memo", .optional(line.description)),
            ("entity", line.party.map { reference($0, .customer) }),
          ] + dimensions(of: line))
      }
    case .invoice, .creditMemo:
      let positive: BookedLine.Side = record == .invoice ? .credit : .debit
      return content.lines.dropFirst().enumerated().map { index, line in
        .object(
          [
            ("line", .integer(index + 1)), ("account", reference(line.account, .account)),
            ("amount", amount(line.side == positive ? line.amount : -line.amount, content)),
            ("description", .optional(line.description)),
            ("taxCode", line.tax.map { reference($0.code, .taxCode) }),
          ] + dimensions(of: line))
      }
    case .customerPayment:
      return (content.native?.settles ?? []).map { settlement in
        .object([
          ("doc", .object([("id", .string(NetSuite.id(of: settlement.serial)))])),
          ("apply", .boolean(true)), ("amount", .decimal(settlement.amount)),
        ])
      }
    }
  }

  private func dimensions(of line: BookedLine) -> [(String, JSONText?)] {
    line.dimensions.sorted { $0.key < $1.key }.map { name, value in
      let kind = NetSuiteReader.dimensions.first { $0.name == name }?.kind
      return (name, kind.map { reference(value, $0) } ?? .string(value))
    }
  }

  // MARK: Parts

  func reference(_ code: String, _ kind: NetSuiteDirectory.Kind) -> JSONText {
    reference(id: directory.id(of: code, kind), name: code)
  }

  private func reference(id: String, name: String) -> JSONText {
    .object([("links", .array([])), ("id", .string(id)), ("refName", .string(name))])
  }

  func collection(_ items: [JSONText], offset: Int = 0, total: Int? = nil) -> JSONText {
    let total = total ?? items.count
    return .object([
      ("links", .array([])), ("count", .integer(items.count)),
      ("hasMore", .boolean(offset + items.count < total)), ("items", .array(items)),
      ("offset", .integer(offset)), ("totalResults", .integer(total)),
    ])
  }

  private func links(_ address: String) -> JSONText {
    .array([.object([("rel", "self"), ("href", .string(address))])])
  }

  private func amount(_ units: Int64, _ content: EntryContent) -> JSONText {
    .decimal(ExactAmount.text(units, decimals: content.decimals))
  }
}

extension EntryContent {
  /// Functional units for one unit of the currency, by the largest line.
  var rate: String {
    guard currency != functionalCurrency,
      let line = lines.max(by: { $0.amount < $1.amount }), line.amount > 0
    else { return "1.0" }
    let scale = Decimal(sign: .plus, exponent: decimals - functionalDecimals, significand: 1)
    var exact = Decimal(line.functionalAmount) * scale / Decimal(line.amount)
    var rounded = Decimal()
    NSDecimalRound(&rounded, &exact, 12, .plain)
    return "\(rounded)"
  }
}
