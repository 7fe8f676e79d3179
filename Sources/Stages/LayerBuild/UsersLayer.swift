import BakeModel
import RootFilesystem

extension StageBuilder {
    /// The users of a stage: new lines in the root's own files, and the homes that are not there.
    func usersLayer(_ users: [UserRule], over layers: [Layer]) throws -> Layer? {
        guard !users.isEmpty else { return nil }
        let before = try accounts(of: layers)
        var after = before
        for user in users { try after.add(user) }
        let homes = try users.compactMap { user in
            try user.home.map { TreeEdit.makeDirectory($0, mode: 0o755, owner: try after.number(of: user)) }
        }
        return try workshop.edit(layers, edits(from: before, to: after) + homes)
    }

    /// Who is known in a root.
    func accounts(of layers: [Layer]) throws -> Accounts {
        Accounts(texts: try workshop.read(layers, files: Accounts.files))
    }

    private func edits(from before: Accounts, to after: Accounts) -> [TreeEdit] {
        Accounts.files.flatMap { file -> [TreeEdit] in
            guard let text = after.texts[file], text != before.texts[file] else { return [] }
            if before.texts[file] != nil { return [.fill(file, Array(text.utf8))] }
            return [
                .makeDirectory(file.parent, mode: 0o755, owner: .root), .write(file, Array(text.utf8), mode: 0o644),
            ]
        }
    }
}
