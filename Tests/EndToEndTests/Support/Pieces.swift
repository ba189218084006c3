import Synchronization

/// Pieces of an input, one after another.
final class Pieces: Sendable {
  private let iterator: Mutex<any IteratorProtocol<[UInt8]> & Sendable>

  init<Bytes: Sequence<[UInt8]>>(_ bytes: Bytes) where Bytes.Iterator: Sendable {
    iterator = Mutex(bytes.makeIterator())
  }

  @Sendable func next() -> [UInt8]? {
    iterator.withLock { $0.next() }
  }
}
