@main
struct Bake {
    static func main() {}
}
