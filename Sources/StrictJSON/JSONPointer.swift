/// JSON pointers (RFC 6901).
package enum JSONPointer {
  /// One step with its slash; `~` and `/` in the name are escaped.
  package static func step(_ name: String) -> String { step(Array(name.utf8)) }

  /// The step to one element of an array, from 0.
  package static func step(_ index: Int) -> String { "/\(index)" }

  static func step(_ name: [UInt8]) -> String {
    var result = [UInt8(ascii: "/")]
    for byte in name {
      switch byte {
      case UInt8(ascii: "~"): result += [UInt8(ascii: "~"), UInt8(ascii: "0")]
      case UInt8(ascii: "/"): result += [UInt8(ascii: "~"), UInt8(ascii: "1")]
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
