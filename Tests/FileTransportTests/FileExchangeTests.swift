import FileTransport
import Foundation
import TestSupport
import Testing

/// What every exchange promises, shown on a real folder and a real server.
@Suite struct FileExchangeTests {
  enum Kind: String, CaseIterable, Sendable {
    case local
    case sftp
  }

  struct Place {
    let exchange: any FileExchange
    let folder: TemporaryFolder
    /// In front of every path inside `folder`.
    let prefix: String
    let server: SFTPServer?

    func stored(_ name: String) throws -> String {
      String(decoding: try folder.read(prefix + name), as: UTF8.self)
    }

    func names(in sub: String = "") throws -> [String] { try folder.names(in: prefix + sub) }

    @discardableResult
    func put(_ text: String, _ name: String) throws -> String {
      try folder.write(text, to: prefix + name)
    }
  }

  static var kinds: [Kind] { SFTPServer.isInstalled ? Kind.allCases : [.local] }

  static func place(_ kind: Kind) async throws -> Place {
    switch kind {
    case .local:
      let folder = try TemporaryFolder("exchange")
      try FileManager.default.createDirectory(
        atPath: folder.path(of: "done"), withIntermediateDirectories: true)
      return Place(exchange: LocalFolder(folder.path), folder: folder, prefix: "", server: nil)
    case .sftp:
      let server = try await SFTPServer()
      return Place(
        exchange: try SFTPFolder(server.settings), folder: server.folder, prefix: "files/",
        server: server)
    }
  }

  static func failure<Value>(
    _ work: () async throws(FileFailure) -> Value
  ) async -> FileFailure? {
    do throws(FileFailure) {
      _ = try await work()
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: kinds)
  func `delivers a file once and leaves no draft`(kind: Kind) async throws {
    let place = try await Self.place(kind)
    let bytes = [UInt8]("H;1\r\nT;1\r\n".utf8) + [0, 255]
    #expect(try await place.exchange.deliver(bytes, as: "a b'c\"ä.csv", to: "") == .delivered)
    #expect(try await place.exchange.deliver(bytes, as: "a b'c\"ä.csv", to: "") == .alreadyThere)
    #expect(try place.names() == ["a b'c\"ä.csv", "done"])
    #expect(try place.folder.read(place.prefix + "a b'c\"ä.csv") == bytes)
  }

  @Test(arguments: kinds, [0, 1, 65_535, 3_000_000])
  func `delivers and reads every size`(kind: Kind, size: Int) async throws {
    let place = try await Self.place(kind)
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 2) }
    #expect(try await place.exchange.deliver(bytes, as: "x.bin", to: "done") == .delivered)
    #expect(try await place.exchange.deliver(bytes, as: "x.bin", to: "done") == .alreadyThere)
    #expect(try await place.exchange.read("x.bin", in: "done", limit: size) == bytes)
    #expect(try await place.exchange.list("done") == [FileEntry(name: "x.bin", size: size)])
    #expect(try await place.exchange.contains("x.bin", in: "done"))
  }

  @Test(arguments: kinds, ["other", "lon", "longer!", ""])
  func `never replaces a file with other bytes`(kind: Kind, other: String) async throws {
    let place = try await Self.place(kind)
    try place.put("older", "x.csv")
    let failure = await Self.failure { () throws(FileFailure) in
      try await place.exchange.deliver([UInt8](other.utf8), as: "x.csv", to: "")
    }
    #expect(failure?.code == .conflict)
    #expect(failure?.progress == .nothingDelivered)
    #expect(try place.stored("x.csv") == "older")
  }

  @Test(arguments: kinds)
  func `replaces a draft that an interrupted delivery left`(kind: Kind) async throws {
    let place = try await Self.place(kind)
    try place.put("half a file, longer than the whole", "x.csv.tmp")
    #expect(try await place.exchange.deliver([1], as: "x.csv", to: "") == .delivered)
    #expect(try place.names() == ["done", "x.csv"])
    #expect(try await place.exchange.read("x.csv", in: "", limit: 9) == [1])
  }

  @Test(arguments: kinds)
  func `lists complete files only`(kind: Kind) async throws {
    let place = try await Self.place(kind)
    for name in ["b.csv", "a.csv", " c  d .csv", ".hidden", "e.tmp", "f.part", "g.FILEPART"] {
      try place.put("12345", name)
    }
    let entries = try await place.exchange.list("")
    #expect(entries.map(\.name) == [" c  d .csv", "a.csv", "b.csv"])
    #expect(entries.allSatisfy { $0.size == 5 })
    let names = try await place.exchange.names(ending: ".csv", in: "")
    #expect(names.sorted() == entries.map(\.name))
    #expect(try await place.exchange.names(ending: "b.csv", in: "") == ["b.csv"])
    #expect(try await place.exchange.names(ending: ".tmp", in: "").isEmpty)
    #expect(try await place.exchange.list("done").isEmpty)
  }

  @Test(arguments: kinds)
  func `moves a file and never over another`(kind: Kind) async throws {
    let place = try await Self.place(kind)
    try place.put("one", "x.csv")
    try await place.exchange.move("x.csv", from: "", to: "done")
    #expect(try place.names() == ["done"])
    #expect(try place.stored("done/x.csv") == "one")
    try place.put("two", "x.csv")
    let failure = await Self.failure { () throws(FileFailure) in
      try await place.exchange.move("x.csv", from: "", to: "done")
    }
    #expect(failure?.code == .conflict)
    #expect(try place.stored("x.csv") == "two")
    #expect(try place.stored("done/x.csv") == "one")
  }

  @Test(arguments: kinds)
  func `says what is missing`(kind: Kind) async throws {
    let place = try await Self.place(kind)
    let exchange = place.exchange
    #expect(try await exchange.contains("x.csv", in: "") == false)
    let failures = [
      await Self.failure { () throws(FileFailure) in try await exchange.list("gone") },
      await Self.failure { () throws(FileFailure) in
        try await exchange.names(ending: "x", in: "gone")
      },
      await Self.failure { () throws(FileFailure) in
        try await exchange.read("x.csv", in: "", limit: 9)
      },
      await Self.failure { () throws(FileFailure) in
        try await exchange.deliver([1], as: "x.csv", to: "gone")
      },
      await Self.failure { () throws(FileFailure) in
        try await exchange.move("x.csv", from: "", to: "done")
      },
    ]
    for failure in failures {
      #expect(failure?.code == .notFound)
      #expect(failure?.progress == .nothingDelivered)
    }
  }

  @Test(arguments: kinds)
  func `reads no more than the limit`(kind: Kind) async throws {
    let place = try await Self.place(kind)
    try place.put("123456", "x.csv")
    let failure = await Self.failure { () throws(FileFailure) in
      try await place.exchange.read("x.csv", in: "", limit: 5)
    }
    #expect(failure?.code == .fileTooLarge)
    #expect(try await place.exchange.read("x.csv", in: "", limit: 6).count == 6)
  }

  @Test(arguments: kinds)
  func `refuses names that lead elsewhere`(kind: Kind) async throws {
    let place = try await Self.place(kind)
    let names = [
      "", ".", "..", "../x", "a/b", "/etc/passwd", "a\\b", ".x", "x.tmp", "x.Part", "a\nb",
      "a\u{0}b",
      String(repeating: "x", count: 256),
    ]
    for name in names {
      let failure = await Self.failure { () throws(FileFailure) in
        try await place.exchange.deliver([1], as: name, to: "")
      }
      #expect(failure?.code == .invalidName, "\(name)")
    }
    for folder in ["..", "/", "/tmp", "done/..", "done//x", "done/", ".", "a\nb"] {
      let failure = await Self.failure { () throws(FileFailure) in
        try await place.exchange.deliver([1], as: "x.csv", to: folder)
      }
      #expect(failure?.code == .invalidName, "\(folder)")
    }
    #expect(try place.names() == ["done"])
  }

  @Test(arguments: kinds)
  func `many deliveries at the same time all arrive`(kind: Kind) async throws {
    let place = try await Self.place(kind)
    let exchange = place.exchange
    try await withThrowingTaskGroup(of: Delivery.self) { group in
      for number in 0..<20 {
        group.addTask {
          try await exchange.deliver([UInt8(number)], as: "\(100 + number).csv", to: "done")
        }
      }
      for try await delivery in group { #expect(delivery == .delivered) }
    }
    #expect(try await exchange.list("done").count == 20)
    #expect(try await exchange.read("107.csv", in: "done", limit: 1) == [7])
  }
}
