import Glibc

/// An open file of a local disk, closed when the value is gone. A `false` or `nil` leaves the reason in
/// `errno`.
struct OpenFile: ~Copyable {
  private static let pieceSize = 65_536

  private let descriptor: Int32

  init(
    reading path: String, orThrow failure: () -> FileFailure
  ) throws(FileFailure) {
    descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if descriptor < 0 { throw failure() }
  }

  /// Creates the file when there is none.
  init(
    writing path: String, mode: mode_t, orThrow failure: () -> FileFailure
  ) throws(FileFailure) {
    descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode)
    if descriptor < 0 { throw failure() }
  }

  deinit {
    close(descriptor)
  }

  var status: stat? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status : nil
  }

  /// Takes the writer's place, until the file is closed. Shares without locks let everybody in.
  func lock() -> Bool {
    flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }

  /// False when another writer gave the file its final name, and so took this name away.
  func isStillAt(_ path: String) -> Bool {
    var there = stat()
    guard let here = status, lstat(path, &there) == 0 else { return false }
    return here.st_ino == there.st_ino && here.st_dev == there.st_dev
  }

  /// Leaves `bytes` alone in the file and on the disk.
  func replaceContents(with bytes: [UInt8]) -> Bool {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { return false }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return fsync(descriptor) == 0
  }

  func contents(are bytes: [UInt8]) -> Bool {
    lseek(descriptor, 0, SEEK_SET) == 0 && read(upTo: bytes.count + 1) == bytes
  }

  /// The bytes from the current position, at most `limit`; nil on a fault.
  func read(upTo limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: Self.pieceSize)
    while bytes.count < limit {
      let wanted = min(piece.count, limit - bytes.count)
      let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, wanted) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return bytes
  }
}
