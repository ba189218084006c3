import Foundation

/// Where the built programs lie: in the folder `POSTERN_PROGRAMS` names, else beside the tests.
enum Programs {
  static let folder: URL = {
    let wish = ProcessInfo.processInfo.environment["POSTERN_PROGRAMS"]
    return wish.map { URL(fileURLWithPath: $0, isDirectory: true) } ?? Bundle.main.bundleURL
  }()

  static var postern: String { folder.appendingPathComponent("postern").path }
  static var mockERP: String { folder.appendingPathComponent("mock-erp").path }
}
