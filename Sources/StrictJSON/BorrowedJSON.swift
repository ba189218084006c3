/// A JSON text and its tape for the length of one call: nodes are named by their index, 0 is the
/// root. For code that reads many documents a second; elsewhere ``JSONView`` is more comfortable.
package struct BorrowedJSON {
  package let bytes: UnsafeBufferPointer<UInt8>
  package let nodes: UnsafeBufferPointer<JSONNode>

  package static let root = 0

  package init(bytes: UnsafeBufferPointer<UInt8>, nodes: UnsafeBufferPointer<JSONNode>) {
    self.bytes = bytes
    self.nodes = nodes
  }

  @inlinable
  @inline(__always)
  package func kind(_ node: Int) -> JSONKind { nodes[node].kind }

  /// The node after `node` and everything inside it.
  @inlinable
  @inline(__always)
  package func next(_ node: Int) -> Int { Int(nodes[node].next) }

  /// A container's first key or element; equals ``next(_:)`` when it is empty.
  @inlinable
  @inline(__always)
  package func first(_ container: Int) -> Int { container + 1 }

  /// The bytes of a value as they are written, without a string's quotes and with its escapes.
  @inlinable
  @inline(__always)
  package func written(_ node: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[Int(nodes[node].start)..<Int(nodes[node].end)])
  }

  /// The text of a string or key, escapes decoded.
  package func text(_ node: Int) -> String {
    guard nodes[node].hasEscapes else { return String(decoding: written(node), as: UTF8.self) }
    return String(decoding: JSONEscapes.content(of: nodes[node], in: bytes), as: UTF8.self)
  }

  /// The value of a member of an object; nil when it is not there.
  package func member(_ name: StaticString, of object: Int) -> Int? {
    let end = next(object)
    var key = first(object)
    while key < end {
      if isKey(key, name) { return key + 1 }
      key = next(key + 1)
    }
    return nil
  }

  /// The number of elements of an array or members of an object.
  package func count(_ container: Int) -> Int {
    let isObject = kind(container) == .object
    let end = next(container)
    var count = 0
    var child = first(container)
    while child < end {
      count += 1
      child = next(isObject ? child + 1 : child)
    }
    return count
  }

  @inline(__always)
  private func isKey(_ key: Int, _ name: StaticString) -> Bool {
    guard !nodes[key].hasEscapes else {
      return JSONEscapes.content(of: nodes[key], in: bytes).elementsEqual(
        UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }
    let written = written(key)
    guard written.count == name.utf8CodeUnitCount else { return false }
    for index in 0..<written.count where written[index] != name.utf8Start[index] { return false }
    return true
  }

  /// The JSON pointer of a value, or of the value of a key, found by walking from the root.
  package func pointer(to node: Int) -> String {
    var result = ""
    var container = BorrowedJSON.root
    while container < node {
      let isObject = kind(container) == .object
      var child = first(container)
      var index = 0
      while child < next(container) {
        let value = isObject ? child + 1 : child
        if node < next(value) { break }
        child = next(value)
        index += 1
      }
      result += isObject ? JSONPointer.step(text(child)) : JSONPointer.step(index)
      container = isObject ? child + 1 : child
    }
    return result
  }
}
