/// A program of the system, run to its end.
enum ToolRun {
  /// Its exit status; 127 when it is not there.
  static func status(_ path: String, _ arguments: [String]) async throws -> Int32 {
    guard let program = try? RunningProgram(path, arguments) else { return 127 }
    program.closeInput()
    return await program.end().status
  }
}
