import Foundation
import Testing

/// Arrows only go down: bake → BakeCommands → BakePipeline → Stages → Tools → LinuxSystem → BakeModel, and each foreign
/// library has one door.
@Suite struct ArrowTests {
    private let sources = SourceTree()

    @Test("no import goes up or sideways, but for RootFilesystem, which stands a row above archives and blobs")
    func arrows() {
        let house = House(sources)
        for file in sources.files {
            for (line, module) in file.imports {
                guard let from = house.row(of: file.module), let to = house.row(of: module) else { continue }
                let isDoor = file.module == "RootFilesystem" && ["TarArchive", "BlobStorage"].contains(module)
                #expect(from > to || isDoor, "\(file.path):\(line): \(file.module) must not import \(module)")
            }
        }
    }

    @Test(
        "each foreign library is imported by one module alone",
        arguments: [
            ("Clibgit2", ["GitRepository"]), ("Clibarchive", ["TarArchive"]),
            // Layers and packs of git: the two tools may not import each other.
            ("Clibdeflate", ["TarArchive", "GitRepository"]),
            ("Czlib", ["TarArchive"]), ("Clibyaml", ["YAMLDocument"]), ("CSQLiteShims", ["LedgerDatabase"]),
            ("CRE2", ["RegularExpressions"]),
            ("CCurlShims", ["RegistryClient", "SpecRun"]), ("ArgumentParser", ["BakeCommands"]),
            ("Clibcrypto", ["BakeModel", "GitRepository", "Signing", "SpecRun"]),
        ])
    func doors(library: String, owners: [String]) {
        let importers = Set(sources.files.filter { $0.imports.contains { $0.module == library } }.map(\.module))
        #expect(importers.isSubset(of: owners), "\(library) is imported by \(importers.sorted())")
        #expect(!importers.isEmpty, "nobody imports \(library): take it out of Package.swift and of this test")
    }

    @Test("the model has no input or output, no clock and no environment")
    func model() {
        for file in sources.files where file.module == "BakeModel" {
            let foreign = file.imports.map(\.module).filter { $0 != "Clibcrypto" }
            #expect(foreign.isEmpty, "\(file.path) imports \(foreign)")
        }
    }

    @Test("nothing imports Foundation: three quarters of the executable would be its own, with a third of every start")
    func foundation() {
        for file in sources.files {
            let lines = file.imports.filter { $0.module.hasPrefix("Foundation") }.map(\.line)
            #expect(lines.isEmpty, "\(file.path):\(lines.first ?? 0) imports Foundation")
        }
    }

    @Test("the environment and standard output are read and written by the command line alone")
    func edges() {
        let words = ["ProgramEnvironment.variables", "getenv(", "print(", "FileHandle.standard"]
        for file in sources.files where !["BakeCommands", "bake"].contains(file.module) {
            for word in words {
                let lines = file.lines(with: word)
                #expect(lines.isEmpty, "\(file.path):\(lines.first ?? 0): \(word)")
            }
        }
    }

    @Test(
        "nothing stops the process on input, and nothing is left to do",
        arguments: ["try!", "fatalError(", "TODO", "FIXME"])
    func promises(word: String) {
        for file in sources.files {
            let lines = file.lines(with: word)
            #expect(lines.isEmpty, "\(file.path):\(lines.first ?? 0): \(word)")
        }
    }
}

/// The rows of the house, the lowest first.
private struct House {
    private let rows: [[String]]

    init(_ sources: SourceTree) {
        rows = [
            ["BakeModel"], ["LinuxSystem"], sources.modules(in: "Tools"), sources.modules(in: "Stages"),
            ["BakePipeline"], ["BakeCommands"], ["bake"],
        ]
    }

    func row(of module: String) -> Int? { rows.firstIndex { $0.contains(module) } }
}

/// Every Swift file below Sources.
private struct SourceTree {
    struct File {
        let path: String
        let module: String
        let lines: [Substring]

        var imports: [(line: Int, module: String)] {
            lines.enumerated().compactMap { index, line in
                let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
                return words.first == "import" && words.count > 1 ? (index + 1, String(words[1])) : nil
            }
        }

        func lines(with word: String) -> [Int] {
            lines.enumerated().filter { $0.element.contains(word) }.map { $0.offset + 1 }
        }
    }

    let files: [File]
    private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    init() {
        var files: [File] = []
        let sources = root.appending(path: "Sources")
        for case let url as URL in FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
            ?? .init()
        where url.pathExtension == "swift" {
            // Sources/BAND/MODULE/…
            let parts = url.pathComponents.dropFirst(sources.pathComponents.count)
            let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
            files.append(
                File(
                    path: "Sources/\(parts.joined(separator: "/"))", module: Array(parts)[1],
                    lines: text.split(separator: "\n", omittingEmptySubsequences: false)))
        }
        self.files = files
    }

    func modules(in band: String) -> [String] {
        Set(files.filter { $0.path.hasPrefix("Sources/\(band)/") }.map(\.module)).sorted()
    }
}
