import BakeModel

/// A unit file that was found, with what its `[Install]` section and those of its drop-ins say. systemd.unit(5).
struct UnitFile {
    /// The unit, once every alias was followed.
    let name: UnitName
    /// The file.
    let path: String
    /// Its text; nil where it is masked: empty, or a link to `/dev/null`.
    let text: [UInt8]?
    /// Names that it also has when it is enabled.
    private(set) var aliases: [String] = []
    /// The instance that a template stands for.
    private(set) var defaultInstance: String?
    /// Units that want it when it is enabled.
    private(set) var wishes: [String] = []
    /// Units that are enabled with it.
    private(set) var others: [String] = []

    init(name: UnitName, path: String, text: [UInt8]?) {
        self.name = name
        self.path = path
        self.text = text
        if let text { add(text) }
    }

    /// Whether enabling it would do anything.
    var hasRules: Bool { !aliases.isEmpty || !wishes.isEmpty }

    /// Whether a link of this name is one that enabling it makes.
    func isKnown(as link: String) -> Bool {
        link == name.text || aliases.contains(link)
            || defaultInstance.flatMap { name.instance($0) }?.text == link
    }

    /// Adds what a drop-in says. An empty value takes back what came before.
    mutating func add(_ text: [UInt8]) {
        var isInstall = false
        for line in Self.lines(of: text) {
            if line.hasPrefix("[") {
                isInstall = line == "[Install]"
            } else if isInstall, let equals = line.firstIndex(of: "=") {
                let key = line[..<equals].trimmingSpaces
                set(key, line[line.index(after: equals)...].split { $0 == " " || $0 == "\t" }.map(String.init))
            }
        }
    }

    private mutating func set(_ key: String, _ values: [String]) {
        switch key {
        case "Alias": aliases = values.isEmpty ? [] : aliases + values
        case "WantedBy", "RequiredBy": wishes = values.isEmpty ? [] : wishes + values
        case "Also": others += values
        case "DefaultInstance": defaultInstance = values.first
        default: break
        }
    }

    /// The lines without comments; one that ends with a backslash goes on in the next.
    private static func lines(of text: [UInt8]) -> [String] {
        var lines: [String] = []
        var begun = ""
        for line in String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let line = line.trimmingSpaces
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasSuffix("\\") {
                begun += line.dropLast() + " "
            } else {
                lines.append(begun + line)
                begun = ""
            }
        }
        return begun.isEmpty ? lines : lines + [begun]
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        let start = drop { $0 == " " || $0 == "\t" }
        let end = start.lastIndex { $0 != " " && $0 != "\t" && $0 != "\r" }
        return end.map { String(start[...$0]) } ?? ""
    }
}
