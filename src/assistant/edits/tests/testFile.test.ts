import { describe, expect, it } from "vitest";
import { testFileFor } from "./testFile.ts";

const pathFor = (source: string, files: readonly string[] = []) => testFileFor(source, files).path;

describe("the file that tests go into", () => {
  it.each([
    ["src/retry.ts", ["src/total.ts", "src/total.test.ts"], "src/retry.test.ts"],
    ["src/Form.tsx", ["src/total.ts", "src/total.spec.ts"], "src/Form.spec.tsx"],
    ["src/a/retry.ts", ["src/b/total.ts", "src/b/__tests__/total.test.ts"], "src/a/__tests__/retry.test.ts"],
    ["src/a/retry.js", ["src/total.js", "src/__tests__/total.js"], "src/a/__tests__/retry.js"],
    ["src/a/retry.ts", ["src/b/total.ts", "test/b/total.test.ts"], "test/a/retry.test.ts"],
    ["src/a/retry.ts", ["src/total.ts", "test/total.test.ts"], "test/a/retry.test.ts"],
    ["lib/retry.js", ["lib/total.js", "test/total.js", "test/helper.js"], "test/retry.js"],
    ["a/retry.ts", ["b/c/total.ts", "tests/b/c/total.test.ts"], "tests/a/retry.test.ts"],
    ["shop/cart.py", ["shop/order.py", "tests/test_order.py"], "tests/test_cart.py"],
    ["shop/cart.py", ["tests/test_everything.py"], "tests/test_cart.py"],
    ["src/shop/cart.py", ["src/shop/order.py", "tests/shop/order_test.py"], "tests/shop/cart_test.py"],
    ["shop/cart.py", ["tests/unit/test_everything.py"], "tests/shop/test_cart.py"],
    ["lib/shop/cart.rb", ["lib/shop/order.rb", "spec/shop/order_spec.rb"], "spec/shop/cart_spec.rb"],
    ["lib/cart.rb", ["lib/order.rb", "test/order_test.rb"], "test/cart_test.rb"],
    [
      "src/main/java/com/acme/Cart.java",
      ["src/main/java/com/acme/io/Order.java", "src/test/java/com/acme/io/OrderTests.java"],
      "src/test/java/com/acme/CartTests.java",
    ],
    [
      "src/Shop/Cart.cs",
      ["src/Shop/Order.cs", "tests/Shop.Tests/OrderTests.cs"],
      "tests/Shop.Tests/CartTests.cs",
    ],
  ])("is named and placed like the nearest test: %s", (source, files, expected) => {
    expect(pathFor(source, files)).toBe(expected);
  });

  it("is like a test of the same package, and not like one of another", () => {
    const files = [
      "packages/one/src/total.ts",
      "packages/one/test/total.test.ts",
      "packages/two/src/order.ts",
      "packages/two/src/order.spec.ts",
    ];
    expect(pathFor("packages/one/src/retry.ts", files)).toBe("packages/one/test/retry.test.ts");
    expect(pathFor("packages/two/src/retry.ts", files)).toBe("packages/two/src/retry.spec.ts");
    expect(pathFor("packages/three/src/retry.ts", files.slice(0, 2))).toBe(
      "packages/three/test/retry.test.ts",
    );
  });

  it("is not like a test of another language", () => {
    expect(pathFor("tools/retry.py", ["tools/total.ts", "tools/total.test.ts"])).toBe(
      "tests/tools/test_retry.py",
    );
  });

  it.each([
    ["src/retry.ts", "src/retry.test.ts"],
    ["src/Form.vue", "src/Form.test.ts"],
    ["shop/cart.py", "tests/shop/test_cart.py"],
    ["src/shop/cart.py", "tests/shop/test_cart.py"],
    ["shop/cart.go", "shop/cart_test.go"],
    ["src/cart.rs", "src/cart.rs"],
    ["app/src/main/java/com/Cart.java", "app/src/test/java/com/CartTest.java"],
    ["Cart.kt", "CartTest.kt"],
    ["Shop/Cart.cs", "Shop/CartTests.cs"],
    ["app/models/cart.rb", "spec/models/cart_spec.rb"],
    ["src/Cart.php", "tests/CartTest.php"],
    ["lib/shop/cart.dart", "test/shop/cart_test.dart"],
    ["lib/cart.ex", "test/cart_test.exs"],
    ["src/cart.cpp", "tests/cart_test.cpp"],
    ["cart.zig", "cart_test.zig"],
    ["Makefile", "Makefile_test"],
    [".eslintrc", ".eslintrc_test"],
  ])("is where the language has its tests if there are none: %s", (source, expected) => {
    expect(pathFor(source, [source])).toBe(expected);
  });

  it("is the test that exists, wherever it is", () => {
    const files = ["src/a/index.ts", "src/b/index.ts", "test/a/index.test.ts", "test/b/index.test.ts"];
    expect(testFileFor("src/b/index.ts", files)).toEqual({
      path: "test/b/index.test.ts",
      example: "test/a/index.test.ts",
    });
    expect(pathFor("src/retry.ts", ["src/total.ts", "src/total.test.ts", "test/retry.test.ts"])).toBe(
      "test/retry.test.ts",
    );
  });

  it("is the test itself if that is where code is selected", () => {
    expect(pathFor("test/retry.test.ts", ["src/retry.ts", "test/retry.test.ts"])).toBe("test/retry.test.ts");
  });

  it("names the nearest test as an example, and none of another language", () => {
    const files = ["src/total.ts", "src/total.test.ts", "far/away/x.ts", "far/away/x.test.ts", "a_test.go"];
    expect(testFileFor("src/retry.ts", files).example).toBe("src/total.test.ts");
    expect(testFileFor("src/retry.py", files).example).toBeUndefined();
  });
});
