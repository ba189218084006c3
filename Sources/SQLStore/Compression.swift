import CZlib

/// Makes texts small for the store: the zlib format (RFC 1950).
enum Compression {
  /// Never empty.
  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    let bound = compressBound(uLong(bytes.count))
    return [UInt8](unsafeUninitializedCapacity: Int(bound)) { buffer, count in
      var length = bound
      let result = CZlib.compress(buffer.baseAddress, &length, bytes, uLong(bytes.count))
      precondition(result == Z_OK, "there is room for the compressed form")
      count = Int(length)
    }
  }

  /// - Parameter size: how many bytes there were.
  /// - Returns: nil when `bytes` is not the compressed form of that many.
  static func expand(_ bytes: [UInt8], size: Int) -> [UInt8]? {
    var isSound = false
    let expanded = [UInt8](unsafeUninitializedCapacity: max(size, 1)) { buffer, count in
      var length = uLong(size)
      let result = uncompress(buffer.baseAddress, &length, bytes, uLong(bytes.count))
      isSound = result == Z_OK && length == size
      count = isSound ? size : 0
    }
    return isSound ? expanded : nil
  }
}
