/// What `postern adapters new` writes; `NAME` stands for the adapter's name.
enum AdapterTemplates {
  /// Passes its own exchanges at once.
  static let declarative: [(name: String, text: String)] = [
    (
      "adapter.yaml",
      """
      # yaml-language-server: $schema=../../schemas/adapter.schema.json
      # What the ERP is asked, and what its answers mean: docs/write-an-adapter.md
      kind: declarative
      summary: NAME, journal entries as JSON
      format: json                     # json, xml, csv, fixedWidth or form: how values are escaped

      descriptor:
        idempotency: lookUpOnly        # what the ERP does with a key that it has seen
        maximumLines: 500
        functionalAmounts: true
        quietSeconds: 60

      submit:
        request:
          path: /journals
          body: journal.json.mustache
        status: [200, 201]             # under these statuses an answer may say that it is booked
        key: /reference                # must be our key
        number: /number                # the document number; without one nothing counts as booked
        code: /error/code              # the ERP's own words, where it refuses
        text: /error/message

      find:
        request:
          path: /journals?reference={{key}}
        items: /journals               # an empty list means absent; no list means nothing
        key: /reference
        number: /number

      errors:                          # what the ERP's codes mean; anything else is unknown
        - { match: { code: PERIOD_CLOSED }, outcome: rejected, class: periodClosed }
        - { match: { code: NO_ACCOUNT }, outcome: rejected, class: unknownAccount }
        - { match: { status: 429 }, outcome: retryLater, scope: connection }
        - { match: { status: 401 }, outcome: retryLater, scope: connection }
        - { match: { status: 422 }, outcome: rejected, class: validation }

      """
    ),
    (
      "journal.json.mustache",
      """
      {
        "reference": "{{key}}",
        "date": "{{postingDate}}",
        "currency": "{{currency}}",
        "text": "{{reference}}",
        "lines": [
      {{#lines}}
          { "account": "{{account}}", "debit": "{{debit}}", "credit": "{{credit}}", "text": "{{description}}" }{{^last()}},{{/last()}}
      {{/lines}}
        ]
      }

      """
    ),
    (
      "exchanges/journals.yaml",
      """
      - name: posts an entry
        request:
          method: POST
          path: /journals
          contains: ['"reference": "KEY"', '"debit": "119.00"']
        answer:
          status: 201
          body: '{ "reference": "KEY", "number": "J-1" }'
        expect: { outcome: posted, number: J-1 }

      - name: names a closed period
        answer:
          status: 422
          body: '{ "error": { "code": "PERIOD_CLOSED", "message": "The period is closed" } }'
        expect: { outcome: rejected, class: periodClosed }

      - name: finds an entry
        does: find
        request: { path: '/journals?reference=KEY' }
        answer: { body: '{ "journals": [{ "reference": "KEY", "number": "J-1" }] }' }
        expect: { outcome: found, number: J-1 }

      - name: knows that there is none
        does: find
        answer: { body: '{ "journals": [] }' }
        expect: { outcome: absent }

      """
    ),
  ]

  static let process: [(name: String, text: String)] = [
    (
      "adapter.yaml",
      """
      # yaml-language-server: $schema=../../schemas/adapter.schema.json
      # A program that Postern speaks to in lines of JSON: docs/process-adapters.md
      kind: process
      summary: NAME, through a program
      command: [python3, -u, main.py]
      processes: 1
      memoryMB: 256
      capabilities: [findsPostings]
      secrets: [token]
      descriptor:
        batchSize: 1
        maximumLines: 500
        idempotency: lookUpOnly
        functionalAmounts: true

      """
    ),
    (
      "main.py",
      """
      import json
      import sys

      # The same as in adapter.yaml: Postern compares the two before it sends anything.
      HELLO = {"protocol": 1, "capabilities": ["findsPostings"],
               "descriptor": {"batchSize": 1, "maximumLines": 500, "idempotency": "lookUpOnly",
                              "functionalAmounts": True}}


      def submit(call):
          # Send each entry once. Say unknown when an answer is lost: never posted, never rejected.
          return {"outcomes": [{"key": item["key"], "outcome": "retryLater",
                                "text": "this adapter is not written yet"}
                               for item in call["entries"]]}


      def find(call):
          return {"finding": "cannotTell", "text": "this adapter is not written yet"}


      METHODS = {"hello": lambda call: HELLO, "check": lambda call: {"problems": []},
                 "submit": submit, "find": find}

      for line in sys.stdin:
          call = json.loads(line)
          try:
              answer = {"result": METHODS[call["method"]](call)}
          except Exception as error:
              answer = {"error": type(error).__name__}
          print(json.dumps(answer), flush=True)

      """
    ),
  ]

  static func module(_ name: String) -> String {
    name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
      + "Adapter"
  }

  static func swift(_ name: String) -> [(name: String, text: String)] {
    let module = module(name)
    return [
      (
        "README.md",
        """
        # NAME

        How the ERP recognises a repeat, what it rounds, its limits, and **Surprises**: each with why
        it matters.

        """
      ),
      (
        "Sources/\(module).swift",
        """
        public import AdapterKit
        public import HTTPTransport
        public import Ledger

        /// Posts journal entries into NAME.
        public struct \(module): FindsPostings {
          public static let name = "NAME"
          public static let knownKeys = SubmissionLimits.keys.union([
            "adapter", "limits", "url", "company",
          ])

          private let url: String
          private let limits: SubmissionLimits
          private let http: any HTTPClient

          /// - Throws: ``SettingsFault`` with everything that is wrong in the connection's file.
          public init(
            settings: AdapterSettings, http: any HTTPClient, now: @escaping @Sendable () -> Moment
          ) throws(SettingsFault) {
            var reader = SettingsReader(settings)
            url = reader.value(or: "") { settings throws(Problem) in try settings.baseURL() }
            limits = SubmissionLimits(
              &reader, defaults: SubmissionLimits(batchSize: 1), largestBatch: 1)
            self.http = http
            try reader.finish(knownKeys: Self.knownKeys)
          }

          public var descriptor: AdapterDescriptor {
            AdapterDescriptor(
              name: Self.name, summary: "NAME", maximumBatchSize: 1, batchIsAtomic: false,
              maximumLines: limits.maximumLines, idempotency: .lookUpOnly, confirmation: .immediate,
              quietPeriod: limits.quietPeriod, carriesFunctionalAmounts: true)
          }

          public func check() async -> [Problem] { [] }

          public func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
            var outcomes: [PostingKey: PostingOutcome] = [:]
            for submission in batch {
              outcomes[submission.key] = .notSent(
                "Entry \\(submission.key)", because: "this adapter is not written yet")
            }
            return outcomes
          }

          public func find(_ key: PostingKey) async -> Finding {
            .cannotTell(.lookUpUnclear("This adapter is not written yet"))
          }
        }

        """
      ),
      (
        "Tests/\(module)Tests.swift",
        """
        import AdapterConformance
        import AdapterKit
        import HTTPTransport
        import Ledger
        import \(module)
        import Testing

        @Suite struct \(module)Tests {
          private func adapter() throws -> \(module) {
            try \(module)(
              settings: .test(["url": "https://erp.example", "company": "DE01"]),
              http: CurlHTTPClient(), now: { Moment(milliseconds: 0) })
          }

          @Test func `sends nothing before it is written`() async throws {
            let entry = SampleEntry.plain(1, try #require(Currency("EUR")))
            let outcome = try await adapter().submit([entry])[entry.key]
            guard case .retryLater? = outcome else {
              Issue.record("\\(String(describing: outcome))")
              return
            }
            guard case .cannotTell = try await adapter().find(entry.key) else {
              Issue.record("it knows what it cannot know")
              return
            }
          }
        }

        """
      ),
      ("Tests/Fixtures/.gitkeep", ""),
    ]
  }
}
