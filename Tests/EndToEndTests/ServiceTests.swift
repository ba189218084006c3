import Foundation
import Glibc
import TestSupport
import Testing

/// The HTTP API as a billing system meets it.
@Suite struct ServiceTests {
  @Test func `each kind of verdict has its status`() async throws {
    let desk = try await Desk("statuses")
    let (service, http) = try await desk.serve("--role", "api")
    let first = try await http.post("/v1/documents", Sample.invoice("S-1"))
    #expect(first.status == 202)
    #expect(try first.json["documents"][0]["verdict"].string == "accepted")
    let again = try await http.post("/v1/documents", Sample.invoice("S-1"))
    #expect(again.status == 202)
    #expect(try again.json["documents"][0]["verdict"].string == "repeat")
    let conflict = try await http.post("/v1/documents", Sample.invoice("S-1", net: 200))
    #expect(conflict.status == 409)
    try expectProblem(conflict, code: "identity_conflict")
    let invalid = try await http.post(
      "/v1/documents",
      Sample.invoice("S-2", date: "2026-02-30")
        .replacingOccurrences(of: #""gross":"119.00""#, with: #""gross":"120.00""#))
    #expect(invalid.status == 422)
    try expectProblem(invalid, code: "invalid")
    #expect(try invalid.json["errors"].array.count >= 2, "all faults at once: \(invalid.text)")
    for fault in try invalid.json["errors"].array {
      for name in ["code", "pointer", "detail", "fix"] {
        #expect(fault[name].string != nil, "a fault has \(name)")
      }
    }
    let many = try await http.post(
      "/v1/documents", "[\(Sample.invoice("S-1")),\(Sample.invoice("S-3", entity: "NO"))]")
    #expect(many.status == 202)
    #expect(try many.json["totals"]["repeat"].int == 1 && many.json["totals"]["invalid"].int == 1)
    let large = try await http.send(
      "POST", "/v1/documents", [UInt8](repeating: 32, count: 65 << 20))
    #expect(large.status == 413)
    try expectProblem(large, code: "too_large")
    let packed = try await http.send("POST", "/v1/documents", [31, 139, 8, 0], encoding: "gzip")
    #expect(packed.status == 415)
    try expectProblem(packed, code: "unsupported_encoding")
    #expect(try await http.get("/v1/documents/demo/invoice/NONE").status == 404)
    let nowhere = try await http.get("/v1/nowhere")
    #expect(nowhere.status == 404)
    let wrongMethod = try await http.send("DELETE", "/v1/documents")
    #expect(wrongMethod.status == 405)
    #expect(wrongMethod.headers["allow"] == "GET, HEAD, POST")
    try expectProblem(wrongMethod, code: "method_not_allowed")
    let wrongState = try await http.get("/v1/postings?state=lost")
    #expect(wrongState.status == 400)
    try expectProblem(wrongState, code: "bad_request")
    for address in ["/healthz", "/v1/documents", "/v1/nowhere"] {
      let head = try await http.send("HEAD", address)
      #expect(try await head.status == http.get(address).status)
      #expect(head.text.isEmpty)
    }
    let badFilter = try await http.get("/v1/documents?nonsense=1")
    #expect(badFilter.status == 400)
    try expectProblem(badFilter)
    service.send(SIGTERM)
    #expect(await service.end().status == 0)
    let listed = try await desk.json("list", "refused")["refused"].array
    let names = Set(listed.compactMap { $0["document"].string })
    #expect(names.isSuperset(of: ["demo/invoice/S-2", "demo/invoice/S-3"]))
    let causes = try await desk.json("list", "exceptions")["exceptions"].array
    #expect(causes.contains { $0["class"].string == "identity_conflict" }, "\(causes)")
  }

  @Test func `documents of a file go to a running service together, and are answered in order`()
    async throws
  {
    let desk = try await Desk("remote")
    let (service, http) = try await desk.serve("--role", "api")
    var lines = (1...450).map { Sample.invoice("R-\($0)") }
    lines[99] = #"{"type":"invoice","id":"R-100""#
    lines[299] = Sample.invoice("R-300", entity: "NO")
    let address = "http://127.0.0.1:\(http.port)"
    func submit() async throws -> JSON {
      try await desk.json(
        "submit", "-", "--to", address, input: lines.joined(separator: "\n"), status: 1)
    }
    let first = try await submit()["documents"].array
    #expect(first.count == 450)
    for (index, verdict) in first.enumerated() {
      switch index {
      case 99: #expect(verdict["verdict"].string == "invalid")
      case 299:
        #expect(verdict["verdict"].string == "invalid" && verdict["id"].string == "R-300")
      default:
        #expect(
          verdict["verdict"].string == "accepted" && verdict["id"].string == "R-\(index + 1)")
      }
    }
    let totals = try await submit()["totals"]
    #expect(totals["repeat"].int == 448 && totals["invalid"].int == 2)
    service.send(SIGTERM)
    #expect(await service.end().status == 0)
    let gone = try await desk.json(
      "submit", "-", "--to", address, input: Sample.invoice("R-1"), status: 3)
    #expect(gone["totals"]["accepted"].int == 0)
  }

  private func expectProblem(
    _ answer: HTTP.Answer, code: String? = nil, at location: SourceLocation = #_sourceLocation
  ) throws {
    #expect(
      answer.headers["content-type"]?.hasPrefix("application/problem+json") == true,
      sourceLocation: location)
    let json = try answer.json
    if let code { #expect(json["code"].string == code, sourceLocation: location) }
    #expect(json["status"].int == answer.status, sourceLocation: location)
    #expect(json["detail"].string?.isEmpty == false, sourceLocation: location)
  }

  @Test func `NDJSON gets a verdict a line, in order`() async throws {
    let desk = try await Desk("ndjson")
    let (service, http) = try await desk.serve("--role", "api")
    var lines = (1...500).map { Sample.invoice("N-\($0)") }
    lines[10] = "{ not json"
    lines[20] = Sample.invoice("N-1")
    lines[30] = Sample.invoice("N-2", net: 7)
    let answer = try await http.post(
      "/v1/documents", lines.joined(separator: "\n"), type: "application/x-ndjson")
    #expect(answer.status == 202)
    #expect(answer.headers["content-type"]?.hasPrefix("application/x-ndjson") == true)
    let verdicts = try answer.body.split(separator: 10).map { try JSON($0) }
    try #require(verdicts.count == 500)
    for (index, verdict) in verdicts.enumerated() {
      switch index {
      case 10: #expect(verdict["verdict"].string == "invalid")
      case 20: #expect(verdict["verdict"].string == "repeat")
      case 30: #expect(verdict["verdict"].string == "conflict")
      default: #expect(verdict["id"].string == "N-\(index + 1)")
      }
    }
    service.send(SIGTERM)
    #expect(await service.end().status == 0)
  }

  @Test func `an id may hold slashes, bars, blanks and what looks encoded`() async throws {
    let desk = try await Desk("ids")
    let (service, http) = try await desk.serve("--role", "api")
    for id in ["A/B/C", "A|B", "A B", "A%2FB", "Ä?#&+", "..", "a/../b", "//"] {
      let answer = try await http.post("/v1/documents", Sample.invoice(id))
      #expect(answer.status == 202, "\(id): \(answer.text)")
      let encoded = try #require(id.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
      let shown = try await http.get("/v1/documents/demo/invoice/\(encoded)")
      #expect(shown.status == 200, "\(id): \(shown.text)")
      if shown.status == 200 { #expect(try shown.json["id"].string == id) }
      #expect(try await desk.json("show", "demo/invoice/\(id)")["id"].string == id)
    }
    service.send(SIGTERM)
    _ = await service.end()
  }

  @Test func `a document is found by what people know it by`() async throws {
    let desk = try await Desk("named")
    let (service, http) = try await desk.serve()
    #expect(try await http.post("/v1/documents", Sample.invoice("N-1")).status == 202)
    #expect(try await http.post("/v1/documents", Sample.invoice("N-2")).status == 202)
    let entry = try await http.get("/v1/entries?named=N-1").json["entries"][0]
    let key = try #require(entry["key"].string)
    for name in ["N-1", key] {
      let found = try await http.get("/v1/documents?named=\(name)").json["documents"].array
      #expect(found.map { $0["id"].string } == ["N-1"])
    }
    #expect(try await http.get("/v1/documents?named=N-3").json["documents"].array.isEmpty)
    service.send(SIGTERM)
    #expect(await service.end().status == 0)
    let shown = try await desk.json("show", key)
    #expect(shown == (try await desk.json("show", "demo/invoice/N-1")))
  }

  @Test func `cursors walk through everything once`() async throws {
    let desk = try await Desk("cursors")
    _ = try await desk.submit((1...25).map { Sample.invoice("P-\($0)") })
    let (service, http) = try await desk.serve("--role", "api")
    for list in ["documents", "entries", "postings"] {
      var seen: [String] = []
      var path: String? = "/v1/\(list)?limit=7"
      while let next = path {
        let answer = try await http.get(next)
        try #require(answer.status == 200)
        #expect(try answer.json[list].array.count <= 7)
        seen += try answer.json[list].array.compactMap { $0["id"].string }
        path = try answer.json["next"].string.map { "/v1/\(list)?limit=7&cursor=\($0)" }
      }
      #expect(seen.count == 25 && Set(seen).count == 25, "\(list)")
    }
    #expect(try await http.get("/v1/documents?limit=0").status == 400)
    #expect(try await http.get("/v1/documents?cursor=x").status == 400)
    #expect(try await http.get("/v1/documents?state=posted").json["documents"].array.isEmpty)
    service.send(SIGTERM)
    _ = await service.end()
  }

  @Test func `a key sees and hands over its own entities only`() async throws {
    let desk = try await Desk("keys")
    try desk.write(
      try desk.read("entities/DEMO.yaml").replacingOccurrences(of: "code: DEMO", with: "code: TWO"),
      to: "entities/TWO.yaml")
    let all = try await key(desk)
    let own = try await key(desk, "--entity", "DEMO")
    let reader = try await key(desk, "--rights", "read")
    let (service, open) = try await desk.serve("--role", "api")
    let address = "http://127.0.0.1:\(open.port)"
    #expect(try await open.get("/v1/documents").status == 401)
    #expect(try await open.get("/v1/documents").headers["www-authenticate"] == "Bearer")
    #expect(try await HTTP(address, key: "pk_nonsense").get("/v1/documents").status == 401)
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json"] {
      #expect(try await open.get(path).status == 200, "\(path) is open to everybody")
    }
    let everyone = try HTTP(address, key: all.text)
    let one = try HTTP(address, key: own.text)
    let readOnly = try HTTP(address, key: reader.text)
    #expect(
      try await everyone.post("/v1/documents", Sample.invoice("K-2", entity: "TWO")).status == 202)
    #expect(try await one.post("/v1/documents", Sample.invoice("K-1")).status == 202)
    let foreign = try await one.post("/v1/documents", Sample.invoice("K-3", entity: "TWO"))
    #expect(foreign.status == 422 || foreign.status == 403, "\(foreign.text)")
    #expect(try await everyone.get("/v1/documents/demo/invoice/K-3").status == 404, "not taken")
    #expect(try await one.get("/v1/documents/demo/invoice/K-2").status == 404)
    #expect(try await one.get("/v1/documents?entity=TWO").status == 403)
    for list in ["documents", "entries", "postings"] {
      let rows = try await one.get("/v1/\(list)").json[list].array
      #expect(rows.count == 1 && rows[0]["entity"].string == "DEMO", "\(list)")
    }
    let ageing = try await one.get("/v1/ageing?asOf=2030-12-31").json["ageing"].array
    #expect(ageing.map { $0["entity"].string } == ["DEMO"])
    #expect(ageing.first?["tiesOut"].bool == true)
    #expect(try await everyone.get("/v1/ageing").json["ageing"].array.count == 2)
    for list in ["ageing", "schedules"] {
      #expect(try await one.get("/v1/\(list)?entity=TWO").status == 403)
      #expect(try await everyone.get("/v1/\(list)?entity=NONE").status == 400)
      #expect(try await everyone.get("/v1/\(list)?unheard=of").status == 400)
    }
    #expect(try await one.get("/v1/schedules?period=2026-3").status == 400)
    #expect(
      try await one.get("/v1/schedules?period=2026-03").json["period"].string == "2026-03")
    let explained = try await one.post("/v1/explain", Sample.invoice("K-4", entity: "TWO"))
    #expect(!explained.text.contains(#""account""#), "\(explained.text)")
    #expect(try await readOnly.post("/v1/documents", Sample.invoice("K-5")).status == 403)
    #expect(try await readOnly.get("/v1/documents").status == 200)
    // What another entity's document holds must not be told by probing its number.
    let probed = try await one.post("/v1/documents", Sample.invoice("K-2", entity: "DEMO"))
    #expect(!probed.text.contains("TWO"), "\(probed.text)")

    _ = try await desk.json("keys", "revoke", own.id)
    _ = try await Desk.soon {
      try await one.get("/v1/documents").status == 401 ? true : nil
    }
    let listed = try await desk.run("keys", "list", "--output", "json")
    #expect(!listed.text.contains(all.text) && !listed.text.contains(all.text.dropFirst(3)))
    service.send(SIGTERM)
    #expect(await service.end().status == 0)
  }

  private func key(_ desk: Desk, _ options: String...) async throws -> (id: String, text: String) {
    let ending = try await Desk.run(
      ["keys", "create"] + options + ["--output", "json", "--config", desk.configuration])
    let json = try JSON(ending.output)
    return (try #require(json["id"].string), try #require(json["key"].string))
  }

  @Test func `refuses to listen to other machines without keys`() async throws {
    let desk = try await Desk("open")
    let refused = try await desk.run("serve", "--host", "0.0.0.0", "--port", "0")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("keys_required") && refused.errors.contains("fix:"))
    _ = try await key(desk)
    let (service, _) = try await desk.serve("--host", "0.0.0.0")
    service.send(SIGTERM)
    #expect(await service.end().status == 0)
  }

  @Test func `what openapi.json describes answers, and metrics are Prometheus text`() async throws {
    let desk = try await Desk("openapi")
    _ = try await desk.submit([Sample.invoice("O-1")])
    let (service, http) = try await desk.serve()
    let description = try await http.get("/openapi.json").json
    #expect(description["openapi"].string?.hasPrefix("3.1") == true)
    let required = [
      "/v1/documents", "/v1/documents/{source}/{type}/{id}", "/v1/entries", "/v1/postings",
      "/v1/exceptions", "/v1/explain", "/v1/intake/{source}", "/healthz", "/readyz", "/metrics",
    ]
    #expect(Set(required).subtracting(description["paths"].keys).isEmpty)
    // What each order is, and how it is answered here: there is nothing to act on yet.
    let orders: [String: (body: String, status: ClosedRange<Int>)] = [
      "/v1/documents/{source}/{type}/{id}/reverse": ("", 200...202),
      "/v1/exceptions/actions": (#"{"action":"retry","dryRun":true}"#, 200...200),
      "/v1/exceptions/proposals/{id}/approve": ("", 404...404),
      "/v1/exceptions/proposals/{id}/reject": ("", 404...404),
    ]
    for path in description["paths"].keys.sorted() {
      let isProposal = path.contains("proposals")
      let real = path.replacingOccurrences(of: "{source}", with: "demo")
        .replacingOccurrences(of: "{type}", with: "invoice")
        .replacingOccurrences(of: "{id}", with: isProposal ? "1" : "O-1")
      for method in description["paths"][path].keys.sorted() where method != "parameters" {
        let responses = description["paths"][path][method]["responses"]
        // It does not end: a test of its own reads from it.
        if responses["200"]["content"].keys.contains("text/event-stream") { continue }
        let order = method == "get" ? nil : orders[path]
        let body = order?.body ?? (method == "get" ? "" : Sample.invoice("O-1"))
        let answer = try await http.send(method.uppercased(), real, Array(body.utf8))
        let expected = order?.status ?? 200...202
        #expect(expected.contains(answer.status), "\(method) \(real): \(answer.text)")
        #expect(
          responses.keys.contains(String(answer.status)), "\(method) \(path): \(answer.status)")
      }
    }
    let misread = try await http.post(
      "/v1/exceptions/actions", #"{"action":"retry","dryRun":"true"}"#)
    #expect(misread.status == 400, "an order that only looks like a dry run is carried out")
    let metrics = try await http.get("/metrics").text
    for line in metrics.split(separator: "\n") where !line.hasPrefix("#") {
      #expect(line.wholeMatch(of: /[a-z_:0-9]+(\{.*\})? [0-9.eE+-]+/) != nil, "\(line)")
    }
    #expect(metrics.contains("postern_documents"))
    service.send(SIGTERM)
    _ = await service.end()
  }

  @Test func `the stream tells what became of documents, and goes on where it was left`()
    async throws
  {
    let desk = try await Desk("stream")
    _ = try await desk.submit([Sample.invoice("S-1")])
    let (service, http) = try await desk.serve("--role", "api")
    let first = try await http.stream("/v1/events?after=0") { $0.contains("\nid: 1\n") }
    #expect(first.contains("event: accepted\ndata: {") && first.contains("S-1"))
    _ = try await http.post("/v1/documents", Sample.invoice("S-2"))
    let second = try await http.stream("/v1/events?after=1") { $0.contains("\nid: 2\n") }
    #expect(second.contains("S-2") && !second.contains("S-1"))
    service.send(SIGTERM)
    #expect(await service.end().status == 0)
  }

  @Test(.enabled(if: SharedData.isPresent)) func `takes UBL and CII through a source`() async throws
  {
    let desk = try await Desk("intake")
    let (service, http) = try await desk.serve("--role", "api")
    for file in ["en16931/ubl/ubl-tc434-example1.xml", "en16931/cii/CII_business_example_01.xml"] {
      let bytes = try SharedData.read(file)
      let taken = try await http.send("POST", "/v1/intake/demo", bytes, type: "application/xml")
      #expect(taken.status == 202, "\(taken.text)")
      #expect(try taken.json["documents"][0]["verdict"].string == "accepted")
      let again = try await http.send("POST", "/v1/intake/demo", bytes, type: "application/xml")
      #expect(try again.json["documents"][0]["verdict"].string == "repeat")
    }
    let unknown = try await http.send(
      "POST", "/v1/intake/nobody", try SharedData.read("en16931/cii/CII_business_example_01.xml"),
      type: "application/xml")
    #expect(unknown.status == 422 || unknown.status == 404, "\(unknown.text)")
    #expect(unknown.text.contains("unknown_source"))
    service.send(SIGTERM)
    _ = await service.end()
  }

  @Test func `explaining over the API writes nothing`() async throws {
    let desk = try await Desk("explain")
    let (service, http) = try await desk.serve("--role", "api")
    let answer = try await http.post("/v1/explain", Sample.invoice("E-1"))
    #expect(answer.status == 200)
    #expect(try answer.json["documents"][0]["entries"].array.count == 1)
    _ = try await http.post("/v1/explain", "{")
    for list in ["documents", "entries", "postings", "exceptions"] {
      #expect(try await http.get("/v1/\(list)").json[list].array.isEmpty)
    }
    #expect(try await desk.json("list", "refused")["refused"].array.isEmpty)
    service.send(SIGTERM)
    _ = await service.end()
  }

  @Test func `a request under way is answered before the service ends`() async throws {
    let desk = try await Desk("drain")
    let (service, http) = try await desk.serve()
    let body = Array(Sample.invoice("D-1").utf8)
    let connection = try http.open("POST", "/v1/documents", length: body.count)
    connection.write(Array(body.prefix(100)))
    // Another request on the way round gives the server time to read the first one's head.
    for _ in 1...20 { _ = try await http.get("/healthz") }
    service.send(SIGTERM)
    _ = try await Desk.soon {
      (try? HTTPConnection(port: http.port)) == nil ? true : nil
    }
    connection.write(Array(body.dropFirst(100)))
    let answer = try await http.onThread { try connection.answer(to: "POST under way") }
    #expect(answer.status == 202)
    #expect(await service.end().status == 0)
    #expect(try await desk.json("show", "demo/invoice/D-1")["id"].string == "D-1")
  }

  @Test func `what was answered is there after a kill`() async throws {
    let desk = try await Desk("durable")
    for round in 1...5 {
      let (service, http) = try await desk.serve("--role", "api")
      let answer = try await http.post("/v1/documents", Sample.invoice("K-\(round)"))
      service.send(SIGKILL)
      #expect(answer.status == 202)
      #expect(await service.end().status == 128 + SIGKILL)
      #expect(
        try await desk.json("list", "documents")["documents"].array.count == round,
        "round \(round)")
    }
  }

  @Test func `many clients at once are all answered, and everything is posted once`() async throws {
    let desk = try await Desk("clients")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    let (service, http) = try await desk.serve()
    let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
      for client in 1...64 {
        group.addTask {
          var statuses: [Int] = []
          for number in 1...4 {
            // Every document comes from two clients.
            let id = "M-\(client % 32)-\(number)"
            statuses.append(try await http.post("/v1/documents", Sample.invoice(id)).status)
          }
          return statuses
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(statuses.count == 256 && statuses.allSatisfy { $0 == 202 })
    let ready = try await http.get("/readyz")
    #expect(ready.status == 200)
    service.send(SIGTERM)
    #expect(await service.end().status == 0)
    try await desk.settle()
    let keys = try await erp.journal("DEMO").compactMap { $0["externalKey"].string }
    #expect(keys.count == 128 && Set(keys).count == 128)
  }
}
