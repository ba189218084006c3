/// Reads plain decimal notation: an optional minus sign, digits, and optionally a point and digits.
///
/// No exponent, no plus sign, no thousands separator, no blank. Shared by amounts, quantities and
/// rates.
enum DecimalText {
  /// The digits as one integer and how many of them stand behind the point.
  struct Number {
    var coefficient: Int64
    var scale: Int
  }

  /// - Throws: ``AmountFault`` `.notDecimal`, or `.tooLarge` past 18 digits.
  static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(AmountFault) -> Number {
    var index = 0
    let count = bytes.count
    let isNegative = count > 0 && bytes[0] == UInt8(ascii: "-")
    if isNegative { index = 1 }
    var coefficient: Int64 = 0
    var significant = 0
    var digits = 0
    var scale = 0
    var seenPoint = false
    while index < count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: ".") {
        guard !seenPoint, digits > 0, index < count else { throw .notDecimal }
        seenPoint = true
        continue
      }
      let digit = byte &- UInt8(ascii: "0")
      guard digit <= 9 else { throw .notDecimal }
      digits += 1
      if seenPoint { scale += 1 }
      if significant > 0 || digit > 0 { significant += 1 }
      if significant <= PowersOfTen.maximumInt64Exponent {
        coefficient = coefficient &* 10 &+ Int64(digit)
      }
    }
    guard digits > 0 else { throw .notDecimal }
    guard significant <= PowersOfTen.maximumInt64Exponent, scale <= PowersOfTen.maximumInt64Exponent
    else { throw .tooLarge }
    return Number(coefficient: isNegative ? -coefficient : coefficient, scale: scale)
  }

  static func parse(_ text: String) throws(AmountFault) -> Number {
    var text = text
    let result: Result<Number, AmountFault> = text.withUTF8 { bytes in
      do throws(AmountFault) { return .success(try parse(bytes)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// The longest text of a coefficient: sign, 19 digits, point and a leading zero.
  private static let maximumLength = 40

  /// `coefficient` with a point in front of its last `scale` digits.
  static func text(_ coefficient: Int64, scale: Int) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumLength) { buffer in
      var position = maximumLength
      var rest = coefficient.magnitude
      var written = 0
      repeat {
        if written == scale, scale > 0 {
          position -= 1
          buffer[position] = UInt8(ascii: ".")
        }
        position -= 1
        buffer[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
        written += 1
      } while rest > 0 || written <= scale
      if coefficient < 0 {
        position -= 1
        buffer[position] = UInt8(ascii: "-")
      }
      return String(
        decoding: UnsafeBufferPointer(rebasing: buffer[position...]), as: UTF8.self)
    }
  }
}
