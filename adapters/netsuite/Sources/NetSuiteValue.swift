import StrictJSON

/// A JSON value of a request, its members in the order in which they were put together.
indirect enum NetSuiteValue: Hashable, Sendable {
  struct Member: Hashable, Sendable {
    var name: String
    var value: NetSuiteValue
  }

  case text(String)
  /// As it is written: an amount keeps every digit.
  case number(String)
  case flag(Bool)
  case list([NetSuiteValue])
  case object([Member])
  /// A record of the ERP that our code stands for.
  case reference(NetSuiteReference)
}

/// A record that an entry names by a code of ours.
struct NetSuiteReference: Hashable, Sendable {
  enum Kind: String, Hashable, Sendable, CaseIterable {
    case accounts, customers, items, departments, classes, locations, taxCodes, currencies
  }

  var kind: Kind
  var code: String
}

extension NetSuiteValue {
  /// Members whose value is nil are left out.
  static func object(_ members: KeyValuePairs<String, NetSuiteValue?>) -> NetSuiteValue {
    .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
  }

  /// `{"id":"119"}`
  static func id(_ id: String) -> NetSuiteValue { .object(["id": .text(id)]) }

  /// nil for an empty text.
  static func filled(_ text: String?) -> NetSuiteValue? {
    guard let text, !text.isEmpty else { return nil }
    return .text(text)
  }

  mutating func append(_ name: String, _ value: NetSuiteValue) {
    guard case .object(var members) = self else { return }
    members.append(Member(name: name, value: value))
    self = .object(members)
  }

  subscript(name: String) -> NetSuiteValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  var elements: [NetSuiteValue] {
    if case .list(let values) = self { values } else { [] }
  }

  /// A text, or a number as it is written.
  var plain: String? {
    switch self {
    case .text(let text), .number(let text): text
    default: nil
    }
  }

  /// Every record that is named in it.
  var references: Set<NetSuiteReference> {
    var found: Set<NetSuiteReference> = []
    note(&found)
    return found
  }

  private func note(_ references: inout Set<NetSuiteReference>) {
    switch self {
    case .reference(let reference): references.insert(reference)
    case .list(let values): for value in values { value.note(&references) }
    case .object(let members): for member in members { member.value.note(&references) }
    case .text, .number, .flag: return
    }
  }

  /// The value as JSON; `names` says what stands for each reference.
  func json(_ names: [NetSuiteReference: NetSuiteValue]) -> [UInt8] {
    var writer = JSONWriter()
    write(to: &writer, names)
    return writer.bytes
  }

  private func write(
    to writer: inout JSONWriter, _ names: [NetSuiteReference: NetSuiteValue]
  ) {
    switch self {
    case .text(let text): writer.string(text)
    case .number(let text): writer.json(text.utf8)
    case .flag(let flag): writer.bool(flag)
    case .list(let values):
      writer.array { writer in
        for value in values { value.write(to: &writer, names) }
      }
    case .object(let members):
      writer.object { writer in
        for member in members {
          writer.key(member.name)
          member.value.write(to: &writer, names)
        }
      }
    case .reference(let reference):
      (names[reference] ?? .id(reference.code)).write(to: &writer, [:])
    }
  }
}
