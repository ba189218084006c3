import Digest
import Foundation
import Testing

/// Signatures are checked by OpenSSL's own program: a second reading of the standard.
@Suite struct WebSignatureTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "web-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// The exit status of OpenSSL's program.
  private func openssl(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  private func key(_ arguments: [String]) throws -> String {
    _ = try openssl(["genpkey", "-out", "key.pem"] + arguments)
    _ = try openssl(["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"])
    return try String(contentsOf: folder.appending(path: "key.pem"), encoding: .utf8)
  }

  private func verifies(
    _ signature: [UInt8], of message: String, _ options: [String]
  ) throws -> Bool {
    try Data(signature).write(to: folder.appending(path: "signature"))
    try Data(message.utf8).write(to: folder.appending(path: "message"))
    let command = ["dgst", "-verify", "public.pem", "-signature", "signature"]
    return try openssl(command + options + ["message"]) == 0
  }

  @Test func `an RSA signature is PSS with a salt as long as the hash`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let pem = try key(["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
    let signature = try #require(WebSignature(.ps256, pem: pem))
    let signed = signature.signature(of: Array("header.payload".utf8))
    let options = ["-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"]
    #expect(try verifies(signed, of: "header.payload", options))
    #expect(try !verifies(signed, of: "header.other", options))
    #expect(WebSignature(.es256, pem: pem) == nil)
  }

  @Test(arguments: [
    (WebSignature.Algorithm.es256, "P-256"), (.es384, "P-384"), (.es512, "P-521"),
  ])
  func `an EC signature is its two numbers, joined`(
    algorithm: WebSignature.Algorithm, curve: String
  ) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let pem = try key(["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:\(curve)"])
    let signature = try #require(WebSignature(algorithm, pem: pem))
    // Small numbers must keep their leading zeros: many signatures meet one.
    for number in 0..<20 {
      let message = "header.payload-\(number)"
      let signed = signature.signature(of: Array(message.utf8))
      #expect(signed.count % 2 == 0)
      #expect(
        try verifies(der(signed), of: message, ["-sha\(algorithm.rawValue.suffix(3))"]))
    }
    #expect(WebSignature(.ps256, pem: pem) == nil)
    #expect(WebSignature(algorithm == .es256 ? .es384 : .es256, pem: pem) == nil)
  }

  /// The joined numbers as the `SEQUENCE` of two `INTEGER`s that OpenSSL's program reads.
  private func der(_ joined: [UInt8]) -> [UInt8] {
    func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
      var digits = Array(bytes.drop { $0 == 0 })
      if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
      return [0x02, UInt8(digits.count)] + digits
    }
    let half = joined.count / 2
    let content = integer(joined[..<half]) + integer(joined[half...])
    let length: [UInt8] =
      content.count < 0x80 ? [UInt8(content.count)] : [0x81, UInt8(content.count)]
    return [0x30] + length + content
  }

  @Test(arguments: ["", "-----BEGIN PRIVATE KEY-----", "no key at all", Ed25519Tests.pem])
  func `what is no key of the algorithm is none`(pem: String) {
    for algorithm in WebSignature.Algorithm.allCases {
      #expect(WebSignature(algorithm, pem: pem) == nil)
    }
  }
}
