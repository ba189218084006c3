import Foundation
import HTTPTransport

/// A Tryton server in memory with one company: it keeps moves, and loses answers when it is told to.
actor ScriptedTryton: HTTPClient {
  struct Move {
    var id: Int
    var description: String
    var isPosted = false
    var lines: [[String: String]]
  }

  /// The answer of the next call of this method is lost, after it was carried out.
  var losesAnswerOf: String?
  /// The next call of this method is refused with these words.
  var refuses: (method: String, text: String)?
  var seesCompany = true
  /// Sessions that the server has forgotten are refused.
  var validToken = "token-1"
  private(set) var moves: [Move] = []
  private(set) var createBodies: [[UInt8]] = []
  private(set) var logins = 0

  func lose(_ method: String) { losesAnswerOf = method }
  func refuse(_ method: String, _ text: String) { refuses = (method, text) }
  func hide() { seesCompany = false }
  func forgetSession() { validToken = "token-2" }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    guard
      let call = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any],
      let method = call["method"] as? String, let params = call["params"] as? [Any]
    else { return HTTPResponse(status: 400) }
    if method.hasPrefix("model."), !isKnown(request.headers["Authorization"]) {
      return HTTPResponse(status: 401)
    }
    if let refused = refuses, refused.method == method {
      refuses = nil
      return reply("error", ["UserError", [refused.text, "", NSNull()]])
    }
    let result = self.result(of: method, params, request.body)
    if losesAnswerOf == method {
      losesAnswerOf = nil
      throw HTTPFailure(progress: .outcomeUnknown, code: .connectionReset, detail: "hung up")
    }
    return reply("result", result)
  }

  private func isKnown(_ authorization: String?) -> Bool {
    let words = authorization?.split(separator: " ") ?? []
    let session = words.last.flatMap { Data(base64Encoded: String($0)) } ?? Data()
    return words.first == "Session"
      && String(decoding: session, as: UTF8.self) == "us:1:\(validToken)"
  }

  private func result(of method: String, _ params: [Any], _ body: [UInt8]) -> Any {
    switch method {
    case "common.server.version": return "8.0"
    case "common.db.login":
      logins += 1
      return [1, validToken, NSNull()]
    case "model.company.company.search_read":
      return [["id": 1, "currency.": ["code": "EUR"]]]
    case "model.res.user.read":
      return [["company": seesCompany ? 1 : 2, "companies": [2], "company_filter": "one"]]
    case "model.account.account.search_read":
      let code = value(of: "code", in: params) ?? ""
      return code == "4400" || code == "1200" || code == "2660"
        ? [["id": Int(code) ?? 0, "party_required": code == "1200", "closed": false]] : []
    case "model.party.party.search_read": return [["id": 7]]
    case "model.account.journal.search_read": return [["id": 5]]
    case "model.currency.currency.search_read": return [["id": 9]]
    case "model.account.period.search_read":
      return [["id": 3, "state": "open"]]
    case "model.account.move.search_read":
      let key = value(of: "description", in: params)
      return moves.filter { $0.description == key }.map { move in
        [
          "id": move.id, "number": move.isPosted ? "2026/\(move.id)" : NSNull(),
          "state": move.isPosted ? "posted" : "draft", "description": move.description,
        ] as [String: Any]
      }
    case "model.account.move.create": return create(params, body)
    case "model.account.move.post":
      for index in moves.indices where ids(params).contains(moves[index].id) {
        moves[index].isPosted = true
      }
      return NSNull()
    case "model.account.move.delete":
      moves.removeAll { ids(params).contains($0.id) }
      return NSNull()
    case "model.account.move.line.search_read":
      return moves.flatMap(\.lines).map { line in
        [
          "account": Int(line["account"] ?? "") ?? 0,
          "party": line["party"].flatMap { Int($0) } as Any? ?? NSNull(),
          "debit": ["__class__": "Decimal", "decimal": line["debit"] ?? ""],
          "credit": ["__class__": "Decimal", "decimal": line["credit"] ?? ""],
        ] as [String: Any]
      }
    default: return NSNull()
    }
  }

  private func create(_ params: [Any], _ body: [UInt8]) -> Any {
    createBodies.append(body)
    guard let record = (params.first as? [[String: Any]])?.first,
      let commands = (record["lines"] as? [[Any]])?.first,
      let lines = commands.last as? [[String: Any]]
    else { return [] as [Int] }
    func text(_ value: Any?) -> String? {
      (value as? [String: Any])?["decimal"] as? String ?? (value as? Int).map(String.init)
    }
    moves.append(
      Move(
        id: moves.count + 1, description: record["description"] as? String ?? "",
        lines: lines.map { line in
          ["account", "party", "debit", "credit"].reduce(into: [:]) { $0[$1] = text(line[$1]) }
        }))
    return [moves.count]
  }

  private func ids(_ params: [Any]) -> [Int] { params.first as? [Int] ?? [] }

  /// The value that a domain wants of a field.
  private func value(of field: String, in params: [Any]) -> String? {
    (params.first as? [[Any]])?.first { $0.first as? String == field }?.last as? String
  }

  private func reply(_ member: String, _ value: Any) -> HTTPResponse {
    let data = try? JSONSerialization.data(withJSONObject: ["id": 1, member: value])
    return HTTPResponse(status: 200, body: [UInt8](data ?? Data()))
  }
}
