package import Ledger
package import StrictJSON

/// Members with values of the ledger; those whose value is nil or empty are left out.
extension JSONWriter {
  package mutating func string(_ key: StaticString, _ text: String) {
    self.key(key)
    string(text)
  }

  package mutating func string(_ key: StaticString, _ text: String?) {
    if let text { string(key, text) }
  }

  /// An amount with exactly the decimals of its currency.
  package mutating func money(_ key: StaticString, _ amount: Money) {
    self.key(key)
    decimalString(amount.minorUnits, scale: amount.currency.decimals)
  }

  package mutating func money(_ key: StaticString, _ amount: Money?) {
    if let amount { money(key, amount) }
  }

  package mutating func decimal(_ key: StaticString, _ number: ExactDecimal) {
    self.key(key)
    decimalString(number.coefficient, scale: number.scale)
  }

  package mutating func decimal(_ key: StaticString, _ number: ExactDecimal?) {
    if let number { decimal(key, number) }
  }

  package mutating func date(_ key: StaticString, _ date: CalendarDate) {
    self.key(key)
    dateString(year: date.year, month: date.month, day: date.day)
  }

  package mutating func date(_ key: StaticString, _ date: CalendarDate?) {
    if let date { self.date(key, date) }
  }

  package mutating func period(_ key: StaticString, _ period: DateRange?) {
    guard let period else { return }
    self.key(key)
    beginObject()
    date("from", period.from)
    date("through", period.through)
    endObject()
  }

  /// `true`, or nothing.
  package mutating func flag(_ key: StaticString, _ isSet: Bool) {
    guard isSet else { return }
    self.key(key)
    bool(true)
  }

  package mutating func pairs(_ key: StaticString, _ pairs: Dimensions) {
    guard !pairs.isEmpty else { return }
    self.key(key)
    object(pairs)
  }

  /// Names with their values, in the order of the names.
  package mutating func object(_ pairs: Dimensions) {
    beginObject()
    for pair in pairs.pairs {
      self.key(pair.name)
      string(pair.value)
    }
    endObject()
  }

  package mutating func texts(_ key: StaticString, _ texts: [String]) {
    guard !texts.isEmpty else { return }
    self.key(key)
    beginArray()
    for text in texts { string(text) }
    endArray()
  }

  /// An array of objects, one for each element.
  @inline(__always)
  mutating func list<Element>(
    _ key: StaticString, _ elements: [Element], _ members: (inout JSONWriter, Element) -> Void
  ) {
    guard !elements.isEmpty else { return }
    self.key(key)
    beginArray()
    for element in elements {
      beginObject()
      members(&self, element)
      endObject()
    }
    endArray()
  }
}
