/// A JSON text that was read: its bytes and a flat tape of its values. Strings and numbers are
/// decoded when they are asked for.
package final class JSONText: Sendable {
  package let bytes: [UInt8]
  let nodes: [JSONNode]

  /// Reads one text strictly: no duplicate keys, no comments, no trailing commas, no byte-order
  /// mark, nothing after the value.
  package init(_ bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONFault) {
    self.nodes = try JSONText.tape(of: bytes, limits: limits)
    self.bytes = bytes
  }

  package convenience init(_ text: String, limits: JSONLimits = .standard) throws(JSONFault) {
    try self.init(Array(text.utf8), limits: limits)
  }

  package var root: JSONView { JSONView(text: self, node: BorrowedJSON.root) }

  /// Hands the text and its tape to `body`, which must not keep them.
  package func withBorrowed<Result, Failure: Error>(
    _ body: (BorrowedJSON) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try JSONText.borrow(bytes, nodes, body)
  }

  /// Reads `bytes` and hands the tape to `body` without keeping either.
  ///
  /// The fault of a text that is not taken is given to `body` as well.
  package static func read<Result>(
    _ bytes: [UInt8], limits: JSONLimits = .standard,
    _ body: (Swift.Result<BorrowedJSON, JSONFault>) -> Result
  ) -> Result {
    bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(buffer, limits: limits)
      do throws(JSONFault) {
        try parser.parse()
      } catch {
        return body(.failure(error))
      }
      return body(.success(BorrowedJSON(bytes: buffer, nodes: parser.tape)))
    }
  }

  private static func tape(
    of bytes: [UInt8], limits: JSONLimits
  ) throws(JSONFault) -> [JSONNode] {
    let result: Swift.Result<[JSONNode], JSONFault> = bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(buffer, limits: limits)
      do throws(JSONFault) {
        try parser.parse()
      } catch {
        return .failure(error)
      }
      return .success(Array(parser.tape))
    }
    return try result.get()
  }

  private static func borrow<Result, Failure: Error>(
    _ bytes: [UInt8], _ nodes: [JSONNode], _ body: (BorrowedJSON) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let result: Swift.Result<Result, Failure> = bytes.withUnsafeBufferPointer { bytes in
      nodes.withUnsafeBufferPointer { nodes in
        do throws(Failure) {
          return .success(try body(BorrowedJSON(bytes: bytes, nodes: nodes)))
        } catch {
          return .failure(error)
        }
      }
    }
    return try result.get()
  }
}
