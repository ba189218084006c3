import Foundation
import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

@Suite struct BackupTests {
  let fixture: StoreFixture

  init() throws { fixture = try StoreFixture() }

  private func url(_ name: String) -> URL { fixture.folder.url.appendingPathComponent(name) }

  private func documents(_ store: SQLStore) throws -> [String] {
    var filter = ListFilter()
    filter.limit = .max
    return try store.read { try $0.documents(filter).map(\.identity.id) }
  }

  @Test func `what a restored store holds for unsent is looked up first`() throws {
    let due = try fixture.store.write { transaction in
      _ = try Sample("A").accept(in: transaction)
      return try transaction.claimable(Sample.erp, at: .never, limit: 10)
    }
    #expect(due.map(\.isDoubtful) == [false])
    try fixture.store.backup(to: url("copy"))
    try SQLStore.restore(from: url("copy"), to: url("restored.sqlite"))
    let restored = try SQLStore(file: url("restored.sqlite"))
    let claimable = try restored.read {
      try $0.claimable(Sample.erp, at: .never, limit: 10)
    }
    #expect(claimable.map(\.isDoubtful) == [true])
  }

  @Test func `a restored store continues where the copy was taken`() throws {
    try fixture.accept(Sample("A"))
    try fixture.store.backup(to: url("copy"))
    try fixture.accept(Sample("B"))
    let journal = try fixture.folder.read("copy")[18...19]
    #expect(Array(journal) == [1, 1], "a copy needs no log beside it")
    try SQLStore.restore(from: url("copy"), to: url("restored.sqlite"))
    let restored = try SQLStore(file: url("restored.sqlite"))
    #expect(try documents(restored) == ["A"])
    try restored.write { _ = try Sample("C").accept(in: $0) }
    #expect(try restored.integrityCheck() == [])
    #expect(try documents(fixture.store) == ["A", "B"])
  }

  @Test func `a backup overwrites nothing`() throws {
    try fixture.folder.write("mine", to: "copy")
    let problem = #expect(throws: Problem.self) { try fixture.store.backup(to: url("copy")) }
    #expect(problem?.code == "backup_exists")
    #expect(try fixture.folder.read("copy") == Array("mine".utf8))
  }

  @Test func `a backup into a missing folder is a clear problem and leaves nothing`() throws {
    let problem = #expect(throws: Problem.self) { try fixture.store.backup(to: url("no/copy")) }
    #expect(problem?.code == "store_not_writable")
  }

  @Test func `a backup under load is one consistent state`() async throws {
    let store = fixture.store
    try fixture.accept(Sample("first"))
    let writing = Task {
      var index = 0
      while !Task.isCancelled, index < 2_000 {
        let number = index
        try store.write { _ = try Sample("\(number)").accept(in: $0) }
        index += 1
        await Task.yield()
      }
      return index
    }
    for copy in 0..<4 {
      try store.backup(to: url("copy\(copy)"))
      try SQLStore.restore(from: url("copy\(copy)"), to: url("restored\(copy)"))
    }
    writing.cancel()
    let written = try await writing.value
    var earlier = 0
    for copy in 0..<4 {
      let restored = try SQLStore(file: url("restored\(copy)"))
      let found = try documents(restored)
      #expect(found == ["first"] + (0..<found.count - 1).map { "\($0)" })
      #expect(found.count >= earlier && found.count <= written + 1)
      earlier = found.count
    }
    #expect(try fixture.folder.names().allSatisfy { !$0.hasSuffix("partial") })
  }

  @Test func `restoring replaces a store only when it may`() throws {
    try fixture.accept(Sample("A"))
    try fixture.store.backup(to: url("copy"))
    try fixture.accept(Sample("B"))
    let problem = #expect(throws: Problem.self) {
      try SQLStore.restore(from: url("copy"), to: fixture.file)
    }
    #expect(problem?.code == "restore_target_exists")
    try fixture.store.lockForEngine()
    let running = #expect(throws: Problem.self) {
      try SQLStore.restore(from: url("copy"), to: fixture.file, replacing: true)
    }
    #expect(running?.code == "engine_running")
    #expect(try documents(fixture.store) == ["A", "B"])
    let target = url("other.sqlite")
    do {
      let other = try SQLStore(file: target)
      try other.write { _ = try Sample("X").accept(in: $0) }
    }
    try SQLStore.restore(from: url("copy"), to: target, replacing: true)
    #expect(try documents(SQLStore(file: target)) == ["A"])
  }

  @Test func `what is no sound backup is not restored`() throws {
    for index in 0..<200 { try fixture.accept(Sample("\(index)")) }
    try fixture.folder.write("text", to: "text")
    let notStore = #expect(throws: Problem.self) {
      try SQLStore.restore(from: url("text"), to: url("r"))
    }
    #expect(notStore?.code == "store_not_a_database")
    try fixture.store.backup(to: url("copy"))
    var bytes = try fixture.folder.read("copy")
    for index in bytes.count / 2..<bytes.count { bytes[index] = 0xAB }
    try fixture.folder.write(bytes, to: "copy")
    #expect(throws: Problem.self) { try SQLStore.restore(from: url("copy"), to: url("r")) }
    #expect(!fixture.folder.exists("r"))
    try fixture.runOutside("INSERT INTO migrations (name) VALUES ('0999-later')")
    try fixture.store.backup(to: url("later"))
    let newer = #expect(throws: Problem.self) {
      try SQLStore.restore(from: url("later"), to: url("r"))
    }
    #expect(newer?.code == "store_newer_version")
    #expect(!fixture.folder.exists("r"))
  }

  @Test func `a copy whose audit chain is broken is not restored`() throws {
    for id in ["A", "B"] { try fixture.accept(Sample(id)) }
    try fixture.runOutside("DROP TRIGGER audit_unchanged; UPDATE audit SET detail = 'x'")
    try fixture.store.backup(to: url("copy"))
    let problem = #expect(throws: Problem.self) {
      try SQLStore.restore(from: url("copy"), to: url("r"))
    }
    #expect(problem?.code == "audit_chain_broken")
  }
}
