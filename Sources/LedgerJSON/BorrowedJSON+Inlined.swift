import StrictJSON

/// The steps of the hot path, here so that the compiler can put them into their callers.
extension BorrowedJSON {
  @inline(__always)
  func kind(_ node: Int) -> JSONKind { nodes[node].kind }

  @inline(__always)
  func next(_ node: Int) -> Int { Int(nodes[node].next) }

  @inline(__always)
  func first(_ container: Int) -> Int { container + 1 }

  @inline(__always)
  func written(_ node: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[Int(nodes[node].start)..<Int(nodes[node].end)])
  }
}
