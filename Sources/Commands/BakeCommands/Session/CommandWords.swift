import ArgumentParser
import BakeModel

/// The words that name a command, and those that only look as if they did.
enum CommandWords {
    /// Refuses `bake help WORD` and `bake env WORD` where there is no such command: argument-parser prints the help of
    /// everything for the one, and counts the arguments of the other.
    static func confirm(_ words: [String]) throws(UsageError) {
        let asksForHelp = words.first == "help"
        var path = ["bake"]
        var command: any ParsableCommand.Type = BakeCommand.self
        for word in words.dropFirst(asksForHelp ? 1 : 0) {
            let known = command.configuration.subcommands
            if known.isEmpty || word.hasPrefix("-") { return }
            guard let next = known.first(where: { name(of: $0) == word }) else {
                // A bare word behind `bake` is a pipeline.
                guard asksForHelp || path.count > 1 else { return }
                throw unknown(word, in: path, known.map(name))
            }
            command = next
            path.append(word)
        }
    }

    /// What a first word that is no command may have meant.
    /// - Parameter isHinted: whether another hint stands already.
    /// - Returns: a hint; nil where a command was named.
    static func meant(by words: [String], isHinted: Bool) -> String? {
        let known = BakeCommand.configuration.subcommands.map(name)
        guard let word = words.first, !word.hasPrefix("-"), !known.contains(word), word != "help" else { return nil }
        if let near = Spelling.closest(to: word, in: known) { return "did you mean bake \(near)?" }
        return PipelineName(word) == nil || isHinted ? nil : "\(word) is no command either: bake --help"
    }

    private static func unknown(_ word: String, in path: [String], _ known: [String]) -> UsageError {
        let group = path.joined(separator: " ")
        let near = Spelling.closest(to: word, in: known).map { "did you mean \(group) \($0)?" }
        return UsageError(
            subject: "\(group) \(word)", reason: "there is no such command",
            hint: near ?? (path.count > 1 ? "\(group) has \(known.joined(separator: ", "))" : "bake --help lists them"))
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? command._commandName
    }
}
