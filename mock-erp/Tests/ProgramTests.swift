import Foundation
import Testing

/// Runs the built program, which lies beside the tests.
@Suite struct ProgramTests {
  private static let program = Bundle.main.bundleURL.appending(path: "mock-erp")

  private func process(_ arguments: [String]) -> (Process, output: Pipe, errors: Pipe) {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    return (process, output, errors)
  }

  /// What comes next out of a pipe, or all of it, read on a thread of its own.
  private func read(_ pipe: Pipe, toEnd: Bool = false) async -> String {
    await withCheckedContinuation { continuation in
      let thread = Thread {
        let handle = pipe.fileHandleForReading
        let data = toEnd ? handle.readDataToEndOfFile() : handle.availableData
        continuation.resume(returning: String(decoding: data, as: UTF8.self))
      }
      thread.start()
    }
  }

  private func end(of process: Process) async -> Int32 {
    await withCheckedContinuation { continuation in
      let thread = Thread {
        process.waitUntilExit()
        continuation.resume(returning: process.terminationStatus)
      }
      thread.start()
    }
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `says where it listens, answers there, and ends on a signal`(signal: Int32) async throws {
    let (process, output, _) = process(["serve", "--port", "0"])
    try process.run()
    let line = await read(output)
    let prefix = "mock-erp listening on http://127.0.0.1:"
    #expect(line.hasPrefix(prefix) && line.hasSuffix("\n"))
    let port = try #require(Int(line.dropFirst(prefix.count).dropLast()))
    let answer = await RawHTTP(port: port).send(
      "POST", Samples.restEntries, body: Samples.json())
    #expect(answer.answer?.status == 201)
    kill(process.processIdentifier, signal)
    #expect(await end(of: process) == 0)
  }

  @Test(.timeLimit(.minutes(1)))
  func `ends with its standard input where it is told to`() async throws {
    let (process, output, _) = process(["serve", "--port", "0", "--until-input-ends"])
    let input = Pipe()
    process.standardInput = input
    try process.run()
    #expect(await read(output).hasPrefix("mock-erp listening on "))
    #expect(process.isRunning)
    try input.fileHandleForWriting.close()
    #expect(await end(of: process) == 0)
  }

  @Test(.timeLimit(.minutes(1)))
  func `takes its exchange folder along where it is told to`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ex-\(UUID().uuidString)")
    let (process, output, _) = process([
      "serve", "--port", "0", "--exchange", folder.path, "--remove-exchange",
    ])
    try process.run()
    #expect(await read(output).hasPrefix("mock-erp listening on "))
    try FileManager.default.createDirectory(
      at: folder.appending(path: "DE01/in"), withIntermediateDirectories: true)
    kill(process.processIdentifier, SIGTERM)
    #expect(await end(of: process) == 0)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test func `refuses a fault file that is wrong, and says where`() async throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "faults-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("- act: explode\n".utf8).write(to: file)
    let (process, _, errors) = process(["serve", "--port", "0", "--faults", file.path])
    try process.run()
    #expect(await read(errors, toEnd: true).contains("rule 1.act: there is no act explode"))
    #expect(await end(of: process) != 0)
  }
}
