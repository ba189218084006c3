import AdapterConformance
import AdapterKit
import Foundation
import Ledger
import ProcessAdapter
import TestSupport
import Testing

/// The example in Python, against an ERP of its own.
@Suite struct FolioTests {
  let euro: Currency

  init() throws { euro = try #require(Currency("EUR")) }

  @Test(arguments: ConformanceCheck.all)
  func `does what every adapter must`(check: ConformanceCheck) async throws {
    let bench = try await FolioBench(euro)
    let result = try await check.run(on: bench)
    bench.stop()
    switch result {
    case .passed, .notApplicable: break
    case .failed(let faults): Issue.record("\(faults)")
    }
  }

  /// - Parameter patience: seconds for an answer; long where one is expected.
  private func program(
    _ text: String, patience: Int = 60, memory: Int = 256
  ) throws -> (ProcessAdapter, TemporaryFolder) {
    let folder = try TemporaryFolder("process")
    try text.write(
      to: folder.url.appendingPathComponent("a.py"), atomically: true, encoding: .utf8)
    let definition = try ProcessDefinition(
      "trial",
      settings: .test([
        "kind": "process", "command": ["python3", "-u", "a.py"], "memoryMB": .integer(memory),
        "startSeconds": 60, "capabilities": ["findsPostings"], "secrets": ["token"],
        "descriptor": ["batchSize": 5, "idempotency": "lookUpOnly"],
      ]), folder: folder.url.path, path: FolioBench.path)
    let adapter = try ProcessAdapter(
      definition,
      settings: .test(
        ["token": "env:TOKEN", "timeouts": ["request": .integer(patience)]],
        secrets: ["env:TOKEN": FolioBench.token]))
    return (adapter, folder)
  }

  private static let hello = """
    import json, os, sys, time
    def say(result): print(json.dumps({"result": result}), flush=True)
    def hello(protocol=1): say({"protocol": protocol, "capabilities": ["findsPostings"],
        "descriptor": {"batchSize": 5, "idempotency": "lookUpOnly"}})

    """

  /// What a program does after its hello, and what then becomes of an entry.
  @Test(arguments: [
    ("sys.stdin.readline(); sys.exit(0)", "unknown", "the process ended"),
    ("sys.stdin.readline(); time.sleep(60)", "unknown", "no answer within"),
    ("sys.stdin.readline(); print('<html>', flush=True)", "unknown", "not the one"),
    ("sys.stdin.readline(); say({'outcomes': []}); sys.stdin.readline()", "none", ""),
    ("sys.stdin.readline(); x = bytearray(1 << 30); say({})", "unknown", "the process ended"),
  ])
  func `a program that fails leaves an entry in doubt`(
    body: String, word: String, detail: String
  ) async throws {
    let (adapter, folder) = try program(
      Self.hello + "sys.stdin.readline(); hello()\n" + body,
      patience: detail == "no answer within" ? 2 : 60)
    let submission = SampleEntry.plain(1, euro)
    let outcome = await adapter.submit([submission])[submission.key]
    switch outcome {
    case .unknown(let problem)?:
      #expect(word == "unknown")
      #expect(problem.detail.contains(detail), "\(problem.detail)")
    case nil: #expect(word == "none")
    default: Issue.record("\(String(describing: outcome))")
    }
    withExtendedLifetime(folder) {}
  }

  @Test(arguments: [
    ("sys.stdin.readline(); hello(protocol=2)", "does not speak version 1"),
    ("sys.stdin.readline(); say({'protocol': 1})", "capabilities are not those"),
    ("sys.exit(3)", "the process ended"),
    ("print('starting up', flush=True)", "no answer to 'hello'"),
    (
      "sys.stdin.readline(); say({'protocol': 1, 'capabilities': ['findsPostings'], 'descriptor': {'batchSize': 6, 'idempotency': 'lookUpOnly', 'decimals': 2}})",
      "is not that of adapter.yaml: batchSize, decimals"
    ),
  ])
  func `a program that is not what its file says is sent nothing, and told why`(
    body: String, why: String
  ) async throws {
    let (adapter, folder) = try program(Self.hello + body + "\nsys.stdin.readline()")
    let submission = SampleEntry.plain(1, euro)
    guard case .retryLater? = await adapter.submit([submission])[submission.key] else {
      Issue.record("something was sent")
      return
    }
    let problems = await adapter.check().map(\.detail)
    #expect(problems.count == 1)
    #expect(problems.first?.contains(why) == true, "\(problems)")
    withExtendedLifetime(folder) {}
  }

  @Test(arguments: ["env:TOKEN", "file:token"])
  func `a secret among the arguments of a program is refused`(argument: String) {
    #expect(throws: SettingsFault.self) {
      try ProcessDefinition(
        "trial",
        settings: .test(["kind": "process", "command": ["python3", "a.py", .text(argument)]]),
        folder: ".", path: FolioBench.path)
    }
  }

  @Test func `a program that died is started again for the next call`() async throws {
    let (adapter, folder) = try program(
      Self.hello
        + """
        sys.stdin.readline(); hello()
        call = json.loads(sys.stdin.readline())
        if not os.path.exists("once"):
            open("once", "w").close()
            sys.exit(1)
        say({"outcomes": [{"key": call["entries"][0]["key"], "outcome": "posted", "number": "7"}]})
        sys.stdin.readline()
        """)
    let submission = SampleEntry.plain(1, euro)
    guard case .unknown? = await adapter.submit([submission])[submission.key] else {
      Issue.record("the first call ended well")
      return
    }
    let second = await adapter.submit([submission])[submission.key]
    #expect(second == .posted(Receipt(id: "7", number: "7")))
    withExtendedLifetime(folder) {}
  }

  @Test func `a secret comes with the call, and stands in no argument and no environment`()
    async throws
  {
    let (adapter, folder) = try program(
      Self.hello
        + """
        sys.stdin.readline(); hello()
        call = json.loads(sys.stdin.readline())
        seen = open("/proc/self/environ").read() + open("/proc/self/cmdline").read()
        ok = call["secrets"]["token"] not in seen
        say({"problems": [] if ok else [{"detail": "seen", "fix": ""}]})
        sys.stdin.readline()
        """)
    #expect(await adapter.check().isEmpty)
    withExtendedLifetime(folder) {}
  }
}
