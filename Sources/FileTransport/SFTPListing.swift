/// Puts sizes to names: SFTP's long lines are text for people, in the manner of `ls -l`.
enum SFTPListing {
  /// - Parameters:
  ///   - names: bare names, one on each line.
  ///   - lines: long lines. A name without its line has just come or gone and is left out.
  static func files(names: [UInt8], lines: [UInt8]) -> [FileEntry] {
    var sizes: [Substring: Int] = [:]
    let wanted = Set(split(names).filter { ExchangePath.isFileName(String($0)) })
    for line in split(lines) where line.hasPrefix("-") {
      guard let (size, name) = sizeAndName(line), wanted.contains(name) else { continue }
      sizes[name] = size
    }
    return sizes.map { FileEntry(name: String($0.key), size: $0.value) }
      .sorted { $0.name < $1.name }
  }

  /// Folders among them: only a long line tells.
  static func names(_ bytes: [UInt8]) -> [String] {
    split(bytes).map(String.init).filter(ExchangePath.isFileName)
  }

  private static func split(_ bytes: [UInt8]) -> [Substring] {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.split { $0 == "\n" || $0 == "\r\n" }
  }

  /// Looks for `<size> <month> <day> <time or year> <name>`: owner and group before it may hold blanks.
  private static func sizeAndName(_ line: Substring) -> (size: Int, name: Substring)? {
    let words = line.split(separator: " ")
    for index in words.indices.dropFirst(2) where index + 4 < words.endIndex {
      guard months.contains(words[index + 1].lowercased()), let size = Int(words[index]),
        let day = Int(words[index + 2]), (1...31).contains(day),
        words[index + 3].contains(where: \.isNumber)
      else { continue }
      // One blank parts time and name; further ones belong to the name.
      let rest = line[words[index + 3].endIndex...].dropFirst()
      return (size, rest)
    }
    return nil
  }

  private static let months: Set<String> = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
}
