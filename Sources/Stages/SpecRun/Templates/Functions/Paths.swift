extension TemplateFunctions {
    /// Sprig's functions of paths, of Go's package path.
    static let paths: [String: Function] = [
        "base": Function(1) { .text(base(try $0.text(0))) },
        "osBase": Function(1) { .text(base(try $0.text(0))) },
        "dir": Function(1) { .text(directory(try $0.text(0))) },
        "osDir": Function(1) { .text(directory(try $0.text(0))) },
        "clean": Function(1) { .text(cleaned(try $0.text(0))) },
        "osClean": Function(1) { .text(cleaned(try $0.text(0))) },
        "ext": Function(1) { .text(suffix(try $0.text(0))) },
        "osExt": Function(1) { .text(suffix(try $0.text(0))) },
        "isAbs": Function(1) { .bool(try $0.text(0).hasPrefix("/")) },
        "osIsAbs": Function(1) { .bool(try $0.text(0).hasPrefix("/")) },
    ]

    private static func base(_ path: String) -> String {
        if path.isEmpty { return "." }
        return path.split(separator: "/").last.map(String.init) ?? "/"
    }

    private static func directory(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return cleaned(String(path[...slash]))
    }

    /// The shortest path of the same meaning. path.Clean.
    static func cleaned(_ path: String) -> String {
        let isAbsolute = path.hasPrefix("/")
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part != ".." || (!isAbsolute && (parts.last ?? "..") == "..") {
                parts.append(part)
            } else {
                _ = parts.popLast()
            }
        }
        let joined = (isAbsolute ? "/" : "") + parts.joined(separator: "/")
        return joined.isEmpty ? "." : joined
    }

    private static func suffix(_ path: String) -> String {
        guard let name = path.split(separator: "/", omittingEmptySubsequences: false).last,
            let dot = name.lastIndex(of: ".")
        else { return "" }
        return String(name[dot...])
    }
}
