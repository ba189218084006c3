/// Decimal text as whole minor units, and back. Nothing is rounded.
enum ExactAmount {
  /// More digits than these do not fit the books.
  static let maximumDigits = 18

  enum Fault: Error, Hashable {
    case notAnAmount
    case tooManyDecimals
  }

  /// Reads an amount such as `119.00`: digits, optionally a point and digits.
  static func minorUnits(_ text: String, decimals: Int) throws(Fault) -> Int64 {
    var units: Int64 = 0
    var digits = 0
    /// nil in front of the point.
    var fraction: Int?
    for byte in text.utf8 {
      if byte == UInt8(ascii: "."), digits > 0, fraction == nil {
        fraction = 0
        continue
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits < maximumDigits else {
        throw .notAnAmount
      }
      // Eighteen digits always fit.
      units = units * 10 + Int64(byte - UInt8(ascii: "0"))
      digits += 1
      if let count = fraction { fraction = count + 1 }
    }
    guard digits > 0, fraction != 0 else { throw .notAnAmount }
    let given = fraction ?? 0
    guard given <= decimals else { throw .tooManyDecimals }
    for _ in given..<decimals {
      let (shifted, tooFar) = units.multipliedReportingOverflow(by: 10)
      guard !tooFar else { throw .notAnAmount }
      units = shifted
    }
    return units
  }

  /// Writes minor units with exactly that many decimals.
  static func text(_ units: Int64, decimals: Int) -> String {
    text(Int128(units), decimals: decimals)
  }

  /// Writes a sum, which may be negative, with exactly that many decimals.
  static func text(_ units: Int128, decimals: Int) -> String {
    let digits = String(units.magnitude)
    let sign = units < 0 ? "-" : ""
    guard decimals > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  /// The one way to write a number that may be negative: no superfluous zeros, but at least that many
  /// decimals.
  static func canonical(_ text: String, decimals: Int) throws(Fault) -> String {
    var parts = try DecimalParts(text)
    while parts.whole.count > 1, parts.whole.first == 0 { parts.whole.removeFirst() }
    while parts.fraction.count > decimals, parts.fraction.last == 0 { parts.fraction.removeLast() }
    while parts.fraction.count < decimals { parts.fraction.append(0) }
    let isZero = (parts.whole + parts.fraction).allSatisfy { $0 == 0 }
    let whole = parts.whole.map(String.init).joined()
    let fraction = parts.fraction.map(String.init).joined()
    return (parts.isNegative && !isZero ? "-" : "") + whole
      + (fraction.isEmpty ? "" : "." + fraction)
  }
}

/// The digits of a decimal number.
private struct DecimalParts {
  var isNegative = false
  var whole: [UInt8] = []
  var fraction: [UInt8] = []

  init(_ text: String) throws(ExactAmount.Fault) {
    var bytes = text.utf8[...]
    if bytes.first == UInt8(ascii: "-") {
      isNegative = true
      bytes = bytes.dropFirst()
    }
    var afterPoint = false
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = byte - UInt8(ascii: "0")
        if afterPoint { fraction.append(digit) } else { whole.append(digit) }
      case UInt8(ascii: ".") where !afterPoint:
        afterPoint = true
      default:
        throw .notAnAmount
      }
    }
    guard !whole.isEmpty, afterPoint == !fraction.isEmpty,
      whole.count + fraction.count <= ExactAmount.maximumDigits
    else { throw .notAnAmount }
  }
}
