import AdapterConformance
import AdapterKit
import FileTransport
import Foundation
import GenericFileAdapter
import Ledger
import Testing

/// No entry is handed over twice, and a look-up says only what the folders prove.
@Suite struct GenericFileHandOverTests {
  typealias Fixture = GenericFileFixtureTests

  let batch: [Submission]

  init() throws {
    let currency = try #require(Currency("EUR"))
    batch = (1...4).map { SampleEntry.plain($0, currency) }
  }

  /// Names of files that the receiver may read, and that hold the key.
  static func released(_ key: PostingKey, _ files: MemoryExchange) async -> [String] {
    let inside = await files.folders["DE01/in"] ?? [:]
    return inside.filter { name, bytes in
      inside[name + ".manifest.json"] != nil
        && String(decoding: bytes, as: UTF8.self).contains("J;\(key)")
    }.map(\.key)
  }

  static func acknowledge(
    _ file: String, _ entries: [String], _ files: MemoryExchange
  ) async {
    for name in [file, file + ".manifest.json"] {
      let text = await files.text(name, in: "DE01/in") ?? ""
      await files.remove(name, from: "DE01/in")
      await files.put(text, as: name, in: "DE01/archive")
    }
    await files.put(
      #"{"result":"partial","entries":[\#(entries.joined(separator: ","))]}"#,
      as: file + ".ack.json", in: "DE01/out")
  }

  static func word(_ finding: Finding) -> String {
    switch finding {
    case .found(let receipt): "found \(receipt.number)"
    case .absent: "absent"
    case .cannotTell: "cannotTell"
    }
  }

  @Test func `the same batch gives the same name and the same bytes`() async throws {
    let first = MemoryExchange()
    let second = MemoryExchange()
    _ = try await Fixture.adapter(first).submit(batch)
    _ = try await Fixture.adapter(second).submit(batch)
    #expect(await first.folders == second.folders)
    let name = try #require(await first.names(in: "DE01/in").first)
    #expect(name.utf8.count <= 100)
    #expect(name.hasPrefix("GL_DE01_JOURNAL_20261031_\(batch[0].key)_4_"))
  }

  @Test func `what was handed over is not handed over again, however it is grouped`() async throws {
    let files = MemoryExchange()
    let first = try await Fixture.adapter(files).submit(Array(batch[0...1]))
    let second = try await Fixture.adapter(files).submit(batch)
    #expect(second[batch[0].key] == first[batch[0].key])
    #expect(second.count == 4)
    for submission in batch { #expect(await Self.released(submission.key, files).count == 1) }
  }

  @Test(arguments: MemoryExchange.Fault.allCases, [false, true])
  func `whatever fails, and however often, every entry is handed over once`(
    fault: MemoryExchange.Fault, hasTwoMarkers: Bool
  ) async throws {
    let values: [String: TestValue] = ["doneMarker": .boolean(hasTwoMarkers)]
    var call = 0
    var wasReached = true
    while wasReached {
      call += 1
      let files = MemoryExchange()
      await files.fail(call: call, fault)
      var outcomes = try await Fixture.adapter(files, values).submit(batch)
      wasReached = await files.calls >= call
      // The process died; another one asks, and groups what is left in another way.
      let next = try Fixture.adapter(files, values)
      var due: [Submission] = []
      for submission in batch.reversed() {
        switch outcomes[submission.key] {
        case .submitted?: continue
        case .retryLater?: due.append(submission)
        case .unknown?:
          let finding = await next.find(submission.key)
          if finding == .absent { due.append(submission) }
          if case .found = finding { Issue.record("found what is not acknowledged") }
        default: Issue.record("call \(call): \(outcomes)")
        }
      }
      for group in [due.prefix(1), due.dropFirst()] where !group.isEmpty {
        outcomes.merge(await next.submit(Array(group))) { $1 }
      }
      for submission in batch {
        let places = await Self.released(submission.key, files)
        #expect(places.count == 1, "call \(call): \(places)")
      }
    }
    #expect(call > 3)
  }

  @Test func `a look-up follows a file through the folders`() async throws {
    let files = MemoryExchange()
    let adapter = try Fixture.adapter(files)
    let key = batch[0].key
    #expect(await Self.word(adapter.find(key)) == "absent")
    _ = await adapter.submit([batch[0]])
    #expect(await Self.word(adapter.find(key)) == "cannotTell")
    let file = try #require(await files.names(in: "DE01/in").first)
    await files.remove(file + ".manifest.json", from: "DE01/in")
    #expect(await Self.word(adapter.find(key)) == "absent", "it was never released")
    await Self.acknowledge(file, [], files)
    #expect(await Self.word(adapter.find(key)) == "cannotTell", "it was taken")
    await files.put(
      #"{"result":"accepted","entries":[{"key":"\#(key)","status":"posted","document":"2026/1"}]}"#,
      as: file + ".ack.json", in: "DE01/out")
    #expect(await Self.word(adapter.find(key)) == "found 2026/1")
    #expect(await Self.word(try Fixture.adapter(files).find(key)) == "found 2026/1")
  }

  @Test func `a file without its marker is completed or withdrawn, never released with others`()
    async throws
  {
    let files = MemoryExchange()
    _ = try await Fixture.adapter(files).submit(batch)
    let file = try #require(await files.names(in: "DE01/in").first)
    await files.remove(file + ".manifest.json", from: "DE01/in")
    _ = try await Fixture.adapter(files).submit(batch)
    #expect(await files.names(in: "DE01/in") == [file, file + ".manifest.json"])
    await files.remove(file + ".manifest.json", from: "DE01/in")
    _ = try await Fixture.adapter(files).submit(Array(batch[1...2]))
    let names = await files.names(in: "DE01/in")
    #expect(names.count == 2 && !names.contains(file))
    #expect(await files.names(in: "DE01/sent").contains(file))
    #expect(await Self.released(batch[0].key, files).isEmpty)
    #expect(await Self.word(try Fixture.adapter(files).find(batch[0].key)) == "absent")
  }

  @Test func `with two markers, the first one counts as released`() async throws {
    let files = MemoryExchange()
    let both: [String: TestValue] = ["manifest": true, "doneMarker": true]
    _ = try await Fixture.adapter(files, both).submit(batch)
    let names = await files.names(in: "DE01/in")
    #expect(names.count == 3)
    await files.remove(names[1], from: "DE01/in")
    #expect(names[1].hasSuffix(".done"))
    let key = batch[0].key
    #expect(await Self.word(try Fixture.adapter(files, both).find(key)) == "cannotTell")
    let again = try await Fixture.adapter(files, both).submit([batch[0]])
    #expect(again[key]?.fixtureText.hasPrefix("submitted") == true)
    #expect(await files.names(in: "DE01/in") == names)
  }

  @Test func `a file that is nowhere proves nothing without an archive`() async throws {
    let files = MemoryExchange()
    let key = batch[0].key
    _ = try await Fixture.adapter(files).submit([batch[0]])
    for name in await files.names(in: "DE01/in") { await files.remove(name, from: "DE01/in") }
    let blind = try Fixture.adapter(files, ["folders": ["archive": ""]])
    #expect(await Self.word(blind.find(key)) == "cannotTell")
    guard case .unknown? = await blind.submit([batch[0]])[key] else {
      Issue.record("sent again by guess")
      return
    }
    #expect(await Self.word(try Fixture.adapter(files).find(key)) == "absent")
    await files.removeFolder("DE01/archive")
    #expect(await Self.word(try Fixture.adapter(files).find(key)) == "cannotTell")
  }

  @Test func `what was refused goes again in a file of another name`() async throws {
    let files = MemoryExchange()
    let adapter = try Fixture.adapter(files)
    _ = await adapter.submit([batch[0], batch[1]])
    let file = try #require(await files.names(in: "DE01/in").first)
    await Self.acknowledge(
      file,
      [
        #"{"key":"\#(batch[0].key)","status":"rejected","code":"closed_period","text":"closed"}"#,
        #"{"key":"\#(batch[1].key)","status":"posted","document":"2026/2"}"#,
      ], files)
    #expect(await Self.word(adapter.find(batch[0].key)) == "absent")
    let again = await adapter.submit([batch[0], batch[1]])
    #expect(again[batch[1].key] == .alreadyPosted(Receipt(id: "2026/2", number: "2026/2")))
    let released = await Self.released(batch[0].key, files)
    #expect(released.count == 1 && released != [file])
  }

  @Test func `a refused file goes again under another name, entry for entry the same`()
    async throws
  {
    let files = MemoryExchange()
    let adapter = try Fixture.adapter(files)
    _ = await adapter.submit(batch)
    let file = try #require(await files.names(in: "DE01/in").first)
    await Self.acknowledge(file, [], files)
    await files.put(
      #"{"result":"rejected","code":"wrong_company","text":"not ours"}"#, as: file + ".ack.json",
      in: "DE01/out")
    _ = await adapter.submit(batch)
    let names = await files.names(in: "DE01/in")
    #expect(names.count == 2 && !names.contains(file))
  }

  @Test func `without acknowledgements a posting stays submitted`() async throws {
    let files = MemoryExchange()
    let adapter = try Fixture.adapter(files, ["acknowledgements": false])
    #expect(adapter.descriptor.confirmation == .handOver)
    #expect(adapter.descriptor.idempotency == .none)
    guard case .submitted(let ticket)? = await adapter.submit([batch[0]])[batch[0].key] else {
      Issue.record("not submitted")
      return
    }
    #expect(await adapter.poll([batch[0].key: ticket]).isEmpty)
    #expect(await Self.word(adapter.find(batch[0].key)) == "cannotTell")
  }

  @Test func `releases by a marker with the hash when it is told to`() async throws {
    let files = MemoryExchange()
    _ = try await Fixture.adapter(files, ["manifest": false, "doneMarker": true]).submit(batch)
    let names = await files.names(in: "DE01/in")
    #expect(names.count == 2)
    let hash = try #require(await files.text(names[1], in: "DE01/in"))
    #expect(names[1] == names[0] + ".done")
    #expect(hash.utf8.count == 64)
  }

  @Test func `tells which folder is missing`() async throws {
    let problems = try await Fixture.adapter(MemoryExchange(["DE01/in", "DE01/archive"])).check()
    #expect(problems.map(\.code) == ["exchange_not_reached", "exchange_not_reached"])
    #expect(problems.map(\.detail).contains { $0.contains("DE01/sent") })
  }

  @Test func `a list that cannot be read stops everything`() async throws {
    let files = MemoryExchange()
    await files.put("{", as: "GL_X.csv.keys.json", in: "DE01/sent")
    let outcomes = try await Fixture.adapter(files).submit(batch)
    #expect(outcomes.values.allSatisfy { $0.fixtureText.hasPrefix("retryLater connection") })
    #expect(await files.names(in: "DE01/in").isEmpty)
    #expect(await Self.word(try Fixture.adapter(files).find(batch[0].key)) == "cannotTell")
  }
}
