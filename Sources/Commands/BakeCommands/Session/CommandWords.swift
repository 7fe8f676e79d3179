import ArgumentParser
import BakeModel

/// The words that name a command, and those that only look as if they did.
enum CommandWords {
    /// Refuses `bake help WORD` and `bake env WORD` where there is no such command: argument-parser prints the help of
    /// everything for the one, and counts the arguments of the other.
    static func confirm(_ words: [String]) throws(UsageError) {
        let asksForHelp = words.first == "help"
        let rest = words.dropFirst(asksForHelp ? 1 : 0)
        let path = path(rest)
        let known = (path.last ?? BakeCommand.self).configuration.subcommands
        guard let word = rest.dropFirst(path.count).first, !known.isEmpty, !word.hasPrefix("-") else { return }
        // A bare word behind `bake` is a pipeline.
        guard asksForHelp || !path.isEmpty else { return }
        throw unknown(word, in: ["bake"] + path.map(name), known.map(name))
    }

    /// The command that the words ask for.
    ///
    /// The parser makes the types of all options anew at each start, those of its siblings too, which takes longer than most
    /// commands. So the one that is named is read alone; where it does not take the words, or help is asked for, all are read.
    static func command(_ words: [String]) throws -> any ParsableCommand {
        let path = path(words[...])
        let isForAll = words.first.map { $0 == "help" || $0.hasPrefix("-") } ?? false
        let named = path.last ?? (isForAll ? nil : BakeCommand.configuration.defaultSubcommand)
        if let named, let command = try? named.parseAsRoot(Array(words.dropFirst(path.count))),
            type(of: command) == named
        {
            return command
        }
        return try BakeCommand.parseAsRoot(words)
    }

    /// Whether a command with these words reads a commit, as far as a glance at the first one tells.
    static func readCommit(_ words: [String]) -> Bool {
        guard let first = words.first else { return true }
        let readers: [any ParsableCommand.Type] = [
            PipelineBuild.self, PipelinePlan.self, PipelineLock.self, SlotPromote.self, GenerationDiff.self,
        ]
        return readers.contains { $0.configuration.commandName == first }
    }

    /// The commands that the first words name: two for `env apply`, none for a pipeline.
    static func path(_ words: ArraySlice<String>) -> [any ParsableCommand.Type] {
        var path: [any ParsableCommand.Type] = []
        var known = BakeCommand.configuration.subcommands
        for word in words {
            guard let command = known.first(where: { name(of: $0) == word }) else { break }
            path.append(command)
            known = command.configuration.subcommands
        }
        return path
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

extension CommandConfiguration {
    /// One of bake's commands, which can be read without the others.
    /// - Parameter group: the words before its name.
    init(
        of group: String, commandName: String, abstract: String, discussion: String = "",
        subcommands: [any ParsableCommand.Type] = []
    ) {
        self.init(
            commandName: commandName, _superCommandName: group, abstract: abstract, discussion: discussion,
            subcommands: subcommands)
    }
}
