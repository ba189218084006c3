import Glibc
import Ledger

/// An advisory lock on a file of its own. The system takes it back when the process ends.
final class EngineLock: Sendable {
  private let descriptor: Int32

  static let fileExtension = "engine-lock"

  /// - Throws: ``Problem`` `engine_running` when it is taken, `store_not_writable` when its file
  ///   cannot be made.
  init(store: String) throws(Problem) {
    let path = "\(store).\(EngineLock.fileExtension)"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Problem(
        code: "store_not_writable", pointer: path,
        detail: "The engine's lock file cannot be made: \(String(cString: strerror(errno)))",
        fix: "Check that this user may write the folder")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw Problem(
        code: "engine_running", pointer: store,
        detail: "Another process runs the engine on this store",
        fix: "End it first, or hand documents over to it with 'postern submit --to URL'")
    }
  }

  deinit { close(descriptor) }
}
