import CLinux

/// The variables that this process was started with, from the C library.
public enum ProgramEnvironment {
    /// All of them by name: of two of the same name the last, as shells take it. What is no UTF-8 is repaired.
    public static var variables: [String: String] {
        guard let environment = clinux_environment() else { return [:] }
        let words = sequence(state: environment) { next in
            defer { next += 1 }
            return next.pointee.map { String(cString: $0) }
        }
        let pairs = words.compactMap { word -> (String, String)? in
            guard let end = word.firstIndex(of: "=") else { return nil }
            return (String(word[..<end]), String(word[word.index(after: end)...]))
        }
        return Dictionary(pairs) { _, last in last }
    }
}
