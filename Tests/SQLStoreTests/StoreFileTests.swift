import Foundation
import GRDB
import Glibc
import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

@Suite struct StoreFileTests {
  @Test func `every commit waits for the disk, and references are checked`() throws {
    let fixture = try StoreFixture()
    let outside = try fixture.outside()
    #expect(try outside.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    let settings = try fixture.store.writerSettings()
    #expect(settings == ["synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000])
  }

  @Test func `a store of a newer version is refused and left as it is`() throws {
    let fixture = try StoreFixture()
    try fixture.runOutside("INSERT INTO migrations (name) VALUES ('0999-later')")
    let problem = #expect(throws: Problem.self) { try SQLStore(file: fixture.file) }
    #expect(problem?.code == "store_newer_version")
    #expect(problem?.detail.contains("0999-later") == true)
    #expect(problem?.fix.isEmpty == false)
  }

  @Test(arguments: ["", "x", String(repeating: "not a database\n", count: 1_000)])
  func `a file that is no store is refused and left as it is`(text: String) throws {
    let folder = try TemporaryFolder("store")
    let path = try folder.write(text, to: "notes.txt")
    // An empty file is a place for a new store.
    if text.isEmpty {
      _ = try SQLStore(file: URL(fileURLWithPath: path))
      return
    }
    let problem = #expect(throws: Problem.self) { try SQLStore(file: URL(fileURLWithPath: path)) }
    #expect(problem?.code == "store_not_a_database")
    #expect(try folder.read("notes.txt") == Array(text.utf8))
    #expect(try folder.names() == ["notes.txt"])
  }

  @Test func `a database of another program is refused and left as it is`() throws {
    let folder = try TemporaryFolder("store")
    let path = folder.path(of: "other.sqlite")
    try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE things (name)") }
    let before = try folder.read("other.sqlite")
    let problem = #expect(throws: Problem.self) { try SQLStore(file: URL(fileURLWithPath: path)) }
    #expect(problem?.code == "store_not_a_database")
    #expect(try folder.read("other.sqlite") == before)
  }

  @Test func `a folder that cannot be written is a clear problem`() throws {
    let folder = try TemporaryFolder("store")
    // Nobody writes there, not even the superuser.
    let isSuperuser = geteuid() == 0
    if !isSuperuser { chmod(folder.path, 0o500) }
    defer { chmod(folder.path, 0o700) }
    let path = isSuperuser ? "/proc/postern.sqlite" : folder.path(of: "a.sqlite")
    let problem = #expect(throws: Problem.self) { try SQLStore(file: URL(fileURLWithPath: path)) }
    #expect(problem?.code == "store_not_writable")
    #expect(problem?.pointer == path)
  }

  @Test func `a folder that is missing is a clear problem`() throws {
    let folder = try TemporaryFolder("store")
    let problem = #expect(throws: Problem.self) {
      try SQLStore(file: folder.url.appendingPathComponent("none/a.sqlite"))
    }
    #expect(problem?.code == "store_not_writable")
  }

  @Test func `a damaged file is a clear problem`() throws {
    let fixture = try StoreFixture()
    for index in 0..<50 { try fixture.accept(Sample("\(index)")) }
    let copy = fixture.folder.path(of: "copy.sqlite")
    try fixture.store.backup(to: URL(fileURLWithPath: copy))
    var bytes = try fixture.folder.read("copy.sqlite")
    for index in 4_096..<bytes.count { bytes[index] = 0xAB }
    try fixture.folder.write(bytes, to: "copy.sqlite")
    let problem = #expect(throws: Problem.self) { try SQLStore(file: URL(fileURLWithPath: copy)) }
    #expect(problem?.code == "store_corrupt")
  }

  @Test func `a full disk stops a transaction whole and the store goes on when there is room`()
    throws
  {
    var settings = SQLStoreSettings()
    settings.maximumPages = 120
    let fixture = try StoreFixture(settings: settings)
    try fixture.accept(Sample("first"))
    let problem = #expect(throws: Problem.self) {
      try fixture.store.write { transaction in
        for index in 0..<1_000 { _ = try? Sample("\(index)").accept(in: transaction) }
      }
    }
    #expect(problem?.code == "store_full")
    #expect(problem?.fix.isEmpty == false)
    #expect(try fixture.store.read { try $0.documents(ListFilter()) }.count == 1)
    try fixture.accept(Sample("second"))
    #expect(try fixture.store.integrityCheck() == [])
    let roomy = try SQLStore(file: fixture.file)
    try roomy.write { transaction in
      for index in 0..<1_000 { _ = try Sample("\(index)").accept(in: transaction) }
    }
    #expect(try roomy.integrityCheck() == [])
  }

  @Test func `a second engine on one store is refused until the first is gone`() throws {
    let fixture = try StoreFixture()
    var first: SQLStore? = try SQLStore(file: fixture.file)
    try first?.lockForEngine()
    try first?.lockForEngine()
    let problem = #expect(throws: Problem.self) { try fixture.store.lockForEngine() }
    #expect(problem?.code == "engine_running")
    #expect(try fixture.store.read { try $0.counts() } == [])
    first = nil
    try fixture.store.lockForEngine()
  }

  @Test func `two names of one file lock the same store`() throws {
    let fixture = try StoreFixture()
    let link = fixture.folder.path(of: "link.sqlite")
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: fixture.file.path)
    try fixture.store.lockForEngine()
    let other = try SQLStore(file: URL(fileURLWithPath: link))
    #expect(throws: Problem.self) { try other.lockForEngine() }
  }

  @Test func `two writers of one file keep one numbering and one chain`() throws {
    let fixture = try StoreFixture()
    let other = try SQLStore(file: fixture.file)
    for index in 0..<20 {
      let store = index.isMultiple(of: 3) ? fixture.store : other
      let (document, _) = try store.write { try Sample("\(index)").accept(in: $0) }
      #expect(document == DocumentNumber(Int64(index) + 1))
    }
    #expect(try fixture.store.integrityCheck() == [])
  }

  @Test func `a reader sees one state while another connection writes`() throws {
    let fixture = try StoreFixture()
    try fixture.accept(Sample("A"))
    let other = try SQLStore(file: fixture.file)
    try fixture.store.read { queries throws in
      #expect(try queries.documents(ListFilter()).count == 1)
      _ = try other.write { try Sample("B").accept(in: $0) }
      #expect(try queries.documents(ListFilter()).count == 1)
    }
    #expect(try fixture.store.read { try $0.documents(ListFilter()) }.count == 2)
  }

  /// What a power failure leaves: the files as they are in the middle of a transaction.
  @Test func `a transaction that was not finished is gone after a crash`() throws {
    var settings = SQLStoreSettings()
    // So small that pages reach the log before the commit.
    settings.cacheKiB = 40
    let fixture = try StoreFixture(settings: settings)
    try fixture.accept(Sample("kept"))
    let crashed = try TemporaryFolder("crash")
    try fixture.store.write { transaction in
      for index in 0..<300 { _ = try Sample("\(index)").accept(in: transaction) }
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(
          atPath: fixture.file.path + suffix, toPath: crashed.path(of: "s.sqlite" + suffix))
      }
    }
    let log = try crashed.read("s.sqlite-wal")
    #expect(log.count > 300_000)
    let store = try SQLStore(file: crashed.url.appendingPathComponent("s.sqlite"))
    #expect(try store.read { try $0.documents(ListFilter()) }.map(\.identity.id) == ["kept"])
    #expect(try store.integrityCheck() == [])
    try store.write { _ = try Sample("next").accept(in: $0) }
    #expect(try store.verifyAuditChain() == nil)
  }

  @Test(arguments: Seed.forThisRun.prefix(8))
  func `wherever the log is cut, whole transactions remain`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    let fixture = try StoreFixture()
    for index in 0..<12 { try fixture.accept(Sample("\(index)")) }
    let crashed = try TemporaryFolder("crash")
    let name = fixture.file.lastPathComponent
    let log = try fixture.folder.read(name + "-wal")
    for _ in 0..<4 {
      try crashed.write(try fixture.folder.read(name), to: "s.sqlite")
      let length = Int.random(in: 0...log.count, using: &random)
      try crashed.write(Array(log.prefix(length)), to: "s.sqlite-wal")
      let store = try SQLStore(file: crashed.url.appendingPathComponent("s.sqlite"))
      let left = try store.read { try $0.documents(ListFilter()).map(\.identity.id) }
      #expect(left == (0..<left.count).map { "\($0)" })
      #expect(try store.integrityCheck() == [])
      try store.close()
      for file in try crashed.names() { unlink(crashed.path(of: file)) }
    }
  }
}
