internal import Foundation
internal import Ledger

/// The mock ERP as a program beside this one, on a free port, ended with it.
final class MockERPProcess {
  private let process = Process()
  /// Its standard input, which ends with this program, however that ends.
  private let input = Pipe()
  let address: String

  private static let greeting = "mock-erp listening on "

  /// - Throws: ``Problem`` `mock_erp_missing`.
  init(program: String?, arguments: [String]) throws {
    let beside = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("mock-erp").path
    let path = program ?? beside
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Problem(
        code: "mock_erp_missing", pointer: path, detail: "The mock ERP's program is not here",
        fix: "Build it with 'swift build --product mock-erp', or name it with --mock-erp")
    }
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["serve", "--port", "0", "--until-input-ends"] + arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var text = ""
    while !text.contains("\n") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { break }
      text += String(decoding: data, as: UTF8.self)
    }
    let line = text.split(separator: "\n").first ?? ""
    guard line.hasPrefix(MockERPProcess.greeting) else {
      process.terminate()
      throw Problem(
        code: "mock_erp_missing", pointer: path, detail: "The mock ERP did not start",
        fix: "Start '\(path) serve' by hand and look at what it says")
    }
    address = String(line.dropFirst(MockERPProcess.greeting.count))
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }
}
