import FileTransport
import Foundation
import TestSupport
import Testing

@Suite struct LocalFolderTests {
  @Test func `does not follow a link at the place of a file`() async throws {
    let folder = try TemporaryFolder("links")
    try folder.write("secret", to: "elsewhere")
    try FileManager.default.createDirectory(
      atPath: folder.path(of: "root"), withIntermediateDirectories: true)
    for name in ["x.csv", "y.csv.tmp"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path(of: "root/" + name), withDestinationPath: folder.path(of: "elsewhere"))
    }
    let exchange = LocalFolder(folder.path(of: "root"))
    #expect(try await exchange.list("").isEmpty)
    let reading = await FileExchangeTests.failure { () throws(FileFailure) in
      try await exchange.read("x.csv", in: "", limit: 100)
    }
    #expect(reading?.code == .permissionDenied)
    let writing = await FileExchangeTests.failure { () throws(FileFailure) in
      try await exchange.deliver([1], as: "y.csv", to: "")
    }
    #expect(writing?.code == .permissionDenied)
    #expect(writing?.progress == .nothingDelivered)
    #expect(try folder.read("elsewhere") == [UInt8]("secret".utf8))
  }

  @Test func `two writers of one name leave one whole file`() async throws {
    let folder = try TemporaryFolder("writers")
    let bytes = [[UInt8](repeating: 1, count: 200_000), [UInt8](repeating: 2, count: 300_000)]
    for round in 0..<20 {
      let results = await withTaskGroup(of: FileFailure?.self) { group in
        for content in bytes {
          group.addTask {
            let exchange = LocalFolder(folder.path)
            return await FileExchangeTests.failure { () throws(FileFailure) in
              try await exchange.deliver(content, as: "\(round).csv", to: "")
            }
          }
        }
        return await group.reduce(into: [FileFailure?]()) { $0.append($1) }
      }
      #expect(results.count { $0 == nil } == 1)
      #expect(
        results.compactMap { $0 }.allSatisfy { $0.code == .busy || $0.code == .conflict })
      #expect(bytes.contains(try folder.read("\(round).csv")))
    }
    #expect(try folder.names().count == 20)
  }

  @Test func `a draft that already got its name is tidied up`() async throws {
    let folder = try TemporaryFolder("crash")
    try folder.write("x", to: "x.csv")
    try FileManager.default.linkItem(
      atPath: folder.path(of: "x.csv"), toPath: folder.path(of: "x.csv.tmp"))
    let delivery = try await LocalFolder(folder.path).deliver([0x78], as: "x.csv", to: "")
    #expect(delivery == .alreadyThere)
    #expect(try folder.names() == ["x.csv"])
  }

  @Test func `a move interrupted between its steps is finished`() async throws {
    let folder = try TemporaryFolder("crash")
    try folder.write("x", to: "in/x.csv")
    try folder.write("y", to: "out/y.csv")
    try FileManager.default.linkItem(
      atPath: folder.path(of: "in/x.csv"), toPath: folder.path(of: "out/x.csv"))
    try await LocalFolder(folder.path).move("x.csv", from: "in", to: "out")
    #expect(try folder.names(in: "in").isEmpty)
    #expect(try folder.names(in: "out") == ["x.csv", "y.csv"])
  }
}
