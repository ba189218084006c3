import Foundation
import MockERP
import Testing

@Suite struct FaultFileTests {
  @Test func `reads every act`() throws {
    let refusal = Refusal(code: "closed_period", message: "Closed", field: "/postingDate")
    let acts: [(String, FaultRule.Act)] = [
      ("{status: 502}", .status(502)), ("status", .status(503)), ("reset", .reset),
      ("malformed", .malformed(booked: true)),
      ("{malformed: {booked: false}}", .malformed(booked: false)),
      ("bookThenDrop", .bookThenDrop), ("{bookThenStatus: 504}", .bookThenStatus(504)),
      ("{bookThenDelay: 5000}", .bookThenDelay(5000)),
      ("{dropThenBook: 50}", .dropThenBook(50)),
      ("throttle", .throttle(retryAfter: 1)),
      ("{throttle: {retryAfter: 7}}", .throttle(retryAfter: 7)),
      ("{refuse: {code: closed_period, message: Closed, field: /postingDate}}", .refuse(refusal)),
      (
        "{refuse: closed_period}",
        .refuse(Refusal(code: "closed_period", message: "Refused on demand: closed_period"))
      ),
      (
        "{refusePart: {every: 3, code: closed_period, message: Closed, field: /postingDate}}",
        .refusePart(.every(3), refusal)
      ),
      (
        "{refusePart: {keys: [A, 7], code: x, message: y}}",
        .refusePart(.keys(["A", "7"]), Refusal(code: "x", message: "y"))
      ),
      ("duplicate", .duplicate),
    ]
    for (text, act) in acts {
      #expect(try FaultFile.read("- {act: \(text)}") == [FaultRule(act: act)], "\(text)")
    }
  }

  @Test func `reads matches, limits and delays`() throws {
    let rules = try FaultFile.read(
      """
      # a comment
      - name: slow
        match: {dialect: generic-rest, company: 1000, operation: Post*, externalKey: K*, call: [1, 3]}
        act: {delay: 250, status: 500}
        probability: 0.25
        times: 2
      - act: {delay: 10}
      """)
    #expect(
      rules == [
        FaultRule(
          name: "slow",
          match: FaultRule.Match(
            dialect: "generic-rest", company: "1000", operation: "Post*", externalKey: "K*",
            calls: [1, 3]), act: .status(500), delayMilliseconds: 250, probability: 0.25,
          times: 2), FaultRule(act: .wait, delayMilliseconds: 10),
      ])
    #expect(try FaultFile.read("") == [])
    #expect(try FaultFile.read("[{\"act\":\"reset\"}]") == [FaultRule(act: .reset)])
  }

  @Test(arguments: [
    ("act: reset", "The fault file is not a list of rules"),
    ("- {match: {}}", "rule 1: act is missing"),
    ("- {act: explode}", "rule 1.act: there is no act explode"),
    ("- {act: reset}\n- {acts: reset}", "rule 2: acts is not known; known are name, match, act"),
    ("- {match: {dialekt: x}, act: reset}", "rule 1.match: dialekt is not known"),
    ("- {act: {reset: true, duplicate: true}}", "rule 1.act: one act"),
    ("- {act: {status: 200}}", "rule 1.act.status: a status from 400 to 599"),
    ("- {act: {throttle: {after: 1}}}", "rule 1.act.throttle: after is not known"),
    ("- {act: {bookThenDelay: soon}}", "rule 1.act.bookThenDelay: milliseconds"),
    ("- {act: reset, probability: 2}", "rule 1: probability is not from 0 to 1"),
    ("- {act: reset, times: 0}", "rule 1.times: a whole number from 1"),
    ("- {act: reset, match: {call: x}}", "rule 1.match.call: whole numbers from 1"),
    ("- {act: [", "The fault file is not YAML"),
  ])
  func `says where a fault file is wrong`(text: String, start: String) {
    let fault = #expect(throws: FaultFile.Fault.self) { try FaultFile.read(text) }
    #expect(fault?.description.hasPrefix(start) == true, "\(fault?.description ?? "")")
  }

  @Test func `every scenario that is shipped can be read`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Scenarios")
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    #expect(files.count >= 5)
    for file in files {
      let rules = try FaultFile.read(String(contentsOf: file, encoding: .utf8))
      #expect(!rules.isEmpty, "\(file.lastPathComponent)")
    }
  }
}
