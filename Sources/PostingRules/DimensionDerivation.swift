package import Ledger

/// Where the dimensions come from that neither a document nor an account row names.
package struct DimensionDerivation: Sendable {
  package var dimensions: [DimensionRules]

  package init(_ dimensions: [DimensionRules]) { self.dimensions = dimensions }
}

/// What the configuration says about one dimension.
package struct DimensionRules: Sendable {
  package let name: String
  /// nil when any value is taken.
  package let values: Set<String>?
  /// The roles whose lines have it; nil means all.
  package let roles: Set<AccountRole>?
  /// Whether lines of these roles stop without it.
  package let isRequired: Bool
  /// The first tried first.
  let rows: [DimensionRow]

  package static let file = "dimensions.yaml"

  /// - Parameter rows: in the order of the file.
  package init(
    name: String, values: Set<String>? = nil, roles: Set<AccountRole>? = nil,
    isRequired: Bool = false, rows: [DimensionRow] = []
  ) {
    self.name = name
    self.values = values
    self.roles = roles
    self.isRequired = isRequired
    self.rows = rows.sorted { left, right in
      (AccountRow.Precedence(left.conditions), left.number)
        < (AccountRow.Precedence(right.conditions), right.number)
    }
  }
}

/// One row: where its conditions hold, lines get its value.
package struct DimensionRow: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    case fixed(String)
    /// What the line has of an attribute; a row whose line has none does not hold.
    case of(AttributeName)
  }

  /// The row's number below its dimension, from 1.
  package var number: Int
  package var conditions: [AccountCondition]
  /// The first posting date on which it holds; nil means from the beginning.
  package var from: CalendarDate?
  /// The last posting date on which it holds; nil means for good.
  package var through: CalendarDate?
  package var value: Value

  package init(
    number: Int, conditions: [AccountCondition] = [], from: CalendarDate? = nil,
    through: CalendarDate? = nil, value: Value
  ) {
    self.number = number
    self.conditions = conditions
    self.from = from
    self.through = through
    self.value = value
  }

  /// The value it gives a line; nil when it does not hold.
  func value(for facts: LineFacts, of rules: EntityRules, on day: CalendarDate) -> String? {
    if let from, day < from { return nil }
    if let through, day > through { return nil }
    guard conditions.allSatisfy({ $0.holds(for: $0.value(in: facts, of: rules)) }) else {
      return nil
    }
    return switch value {
    case .fixed(let text): text
    case .of(let attribute):
      attribute == .entity ? rules.entity.id.code : facts.value(of: attribute)
    }
  }

  /// `family = subscription`, as explanations write it.
  var because: String {
    let conditions = conditions.isEmpty ? "default" : conditions.map(\.text).joined(separator: ", ")
    return if case .of(let attribute) = value {
      "\(conditions), value of \(attribute.text)"
    } else {
      conditions
    }
  }
}

/// What documents of one source have where they say nothing.
package struct SourceDefaults: Hashable, Sendable {
  package var dimensions: Dimensions
  package var custom: Dimensions

  package init(dimensions: Dimensions = [:], custom: Dimensions = [:]) {
    self.dimensions = dimensions
    self.custom = custom
  }
}

extension Document {
  /// With the defaults of its source. What was handed over stays as it is in the store, so that a
  /// repeat stays a repeat when the defaults change.
  func filled(from defaults: [String: SourceDefaults]) -> Document {
    guard let own = defaults[identity.source] else { return self }
    var document = self
    document.dimensions = dimensions.filled(from: own.dimensions)
    document.custom = custom.filled(from: own.custom)
    return document
  }
}
