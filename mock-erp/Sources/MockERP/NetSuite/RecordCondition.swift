/// The parameter `q` of the record service: conditions joined by AND.
struct RecordCondition: Sendable {
  private let parts: [(field: String, operation: String, value: String)]

  init(_ text: String) throws(Trouble) {
    var tokens = try SuiteQLTokens(text, quote: "\"")
    var parts: [(field: String, operation: String, value: String)] = []
    repeat {
      let field = try tokens.name().lowercased()
      guard case .word(let operation, _) = try tokens.next() else {
        throw SuiteQLTokens.invalid("an operator is expected")
      }
      switch try tokens.next() {
      case .text(let value): parts.append((field, operation, value))
      case .word(_, let value): parts.append((field, operation, value))
      }
    } while tokens.take("AND")
    guard tokens.isAtEnd else { throw SuiteQLTokens.invalid("nothing more is expected") }
    for part in parts {
      guard ["externalid", "id", "tranid", "trandate", "memo"].contains(part.field),
        ["IS", "EQUAL", "ON", "CONTAIN", "ON_OR_AFTER", "ON_OR_BEFORE"].contains(part.operation)
      else { throw SuiteQLTokens.invalid("\(part.field) \(part.operation) cannot be asked") }
    }
    self.parts = parts
  }

  var keys: [String] { parts.filter { $0.field == "externalid" }.map(\.value) }

  func fits(_ entry: BookedEntry) -> Bool {
    parts.allSatisfy { part in
      let value =
        switch part.field {
        case "externalid": entry.content.externalKey
        case "id": NetSuite.id(of: entry.serial)
        case "tranid": entry.number
        case "trandate": entry.content.postingDate
        default: entry.content.description ?? ""
        }
      return switch part.operation {
      case "CONTAIN": value.contains(part.value)
      case "ON_OR_AFTER": value >= part.value
      case "ON_OR_BEFORE": value <= part.value
      default: value == part.value
      }
    }
  }
}
