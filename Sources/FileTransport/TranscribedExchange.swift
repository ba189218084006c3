import WireTranscript

/// Another exchange, with what is done through it noted in the transcript of the call.
public struct TranscribedExchange: FileExchange {
  private let exchange: any FileExchange

  public init(_ exchange: any FileExchange) {
    self.exchange = exchange
  }

  public func list(_ folder: String) async throws(FileFailure) -> [FileEntry] {
    try await note("list '\(folder)'") { () async throws(FileFailure) in
      try await exchange.list(folder)
    } result: {
      TranscribedExchange.words($0.map(\.name))
    }
  }

  public func names(
    ending: String, in folder: String
  ) async throws(FileFailure) -> [String] {
    try await note("list '\(folder)'") { () async throws(FileFailure) in
      try await exchange.names(ending: ending, in: folder)
    } result: {
      TranscribedExchange.words($0)
    }
  }

  /// Names of a listing that are noted.
  private static let mostNames = 20

  /// A folder may hold all files of years.
  private static func words(_ names: [String]) -> String {
    guard names.count <= mostNames else { return "\(names.count) files" }
    return names.isEmpty ? "no file" : names.joined(separator: "\n")
  }

  public func read(
    _ name: String, in folder: String, limit: Int
  ) async throws(FileFailure) -> [UInt8] {
    try await note("read '\(name)' in '\(folder)'") { () async throws(FileFailure) in
      try await exchange.read(name, in: folder, limit: limit)
    } result: {
      String(decoding: $0, as: UTF8.self)
    }
  }

  public func contains(_ name: String, in folder: String) async throws(FileFailure) -> Bool {
    try await note("look for '\(name)' in '\(folder)'") { () async throws(FileFailure) in
      try await exchange.contains(name, in: folder)
    } result: {
      $0 ? "it is there" : "it is not there"
    }
  }

  public func deliver(
    _ bytes: [UInt8], as name: String, to folder: String
  ) async throws(FileFailure) -> Delivery {
    try await note(
      "write '\(name)' to '\(folder)'\n\n" + String(decoding: bytes, as: UTF8.self)
    ) { () async throws(FileFailure) in
      try await exchange.deliver(bytes, as: name, to: folder)
    } result: {
      switch $0 {
      case .delivered: "written"
      case .alreadyThere: "it stood there already, with the same content"
      }
    }
  }

  public func move(_ name: String, from: String, to: String) async throws(FileFailure) {
    try await note("move '\(name)' from '\(from)' to '\(to)'") { () async throws(FileFailure) in
      try await exchange.move(name, from: from, to: to)
    } result: {
      "moved"
    }
  }

  private func note<Value>(
    _ step: @autoclosure () -> String, _ work: () async throws(FileFailure) -> Value,
    result: (Value) -> String
  ) async throws(FileFailure) -> Value {
    guard let transcript = Transcript.current else { return try await work() }
    let place = transcript.sends(step())
    do throws(FileFailure) {
      let value = try await work()
      transcript.hears(result(value), to: place)
      return value
    } catch {
      transcript.hears("failed: \(error)", to: place)
      throw error
    }
  }
}
