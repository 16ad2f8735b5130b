/**
 * What people write to an assistant on a programmer's day, whatever routes they have. Thresholds are learnt from the
 * scores of these prompts, see threshold.ts. One list for each language: in a list of its own, a language that the
 * examples are not in does not lower the scores of the others.
 */
export const GENERIC_PROMPTS: readonly (readonly string[])[] = [
  linesOf(`
good morning, what can you do
thanks, that worked
ok go ahead
can you try that again but shorter
I don't understand your last answer
summarize what we have done so far
which files did you change
what time is it in Tokyo right now
convert 45 miles to kilometers
remind me what we decided about the naming
write an email to my manager about the delay
help me prepare my talking points for standup
draft a polite answer to this angry customer
translate this sentence to Spanish
fix the grammar in this paragraph
what should I ask in a job interview
how long will this task take, roughly
estimate the effort for these three tickets
turn these meeting notes into a list of tasks
make a plan for migrating to the new framework
compare React and Vue for a small team
which database should we pick for a chat app
what is the difference between a process and a thread
explain what this script does
what does this error mean
why is my program so slow
find the bug in this loop
the build is broken since this morning
my tests pass locally but fail on the server
write a unit test for this class
clean up this file
rename this variable everywhere
split this function into smaller ones
add a comment to this method
document the parameters of this function
write a readme for my project
generate a changelog from the last commits
write a commit message for these changes
how do I undo my last commit
squash the last three commits into one
I have a merge conflict in the lock file
what is the command to delete a remote branch
review this pull request
is this code thread safe
does this function have a security problem
check this for SQL injection
write a regular expression for phone numbers
parse this date string in Python
sort a list of objects by two keys
write a function that removes duplicates from an array
implement a binary tree in Rust
how do I read a file line by line in Go
convert this JavaScript to TypeScript
port this shell script to Python
turn this JSON into a table
create a CSV with sample users
generate some fake test data
call this REST API and print the result
add pagination to this endpoint
write a query that joins these two tables
add an index to speed up this query
create a migration for the new column
write a Dockerfile for this app
set up a pipeline that runs on every push
deploy this to staging
my container exits immediately after it starts
how do I see the logs of a pod
set up nginx with https
which port is already in use on my machine
install Node on Ubuntu
update all dependencies to the latest version
npm install fails with a peer dependency error
how do I configure the linter
what is the shortcut to format a document in VS Code
set up debugging for this workspace
center a div horizontally
make this page work on phones
change the color of the header
add a loading spinner to the button
design a form for the address
write a React hook that fetches data
manage the state of this component
train a model to classify these images
plot the sales per month
calculate the average of this column
what is the time complexity of this algorithm
prove that the square root of two is irrational
solve this equation for x
draw a diagram of the architecture
design a system that sends a million notifications
how does garbage collection work
recommend a book about distributed systems
tell me a joke about programmers
write a haiku about Monday
what is the weather tomorrow
plan a trip to Lisbon for four days
suggest a recipe for dinner
who won the match last night
what is the capital of Canada
give me ten ideas for a side project
explain the license of this package
how much does this service cost per month
anonymize the personal data in this file
encrypt a file with a password
measure how much memory this process uses
`),
  linesOf(`
早上好，你能做什么
谢谢，已经解决了
再试一次，简短一点
总结一下我们刚才做的事
给经理写一封邮件说明延期
把这句话翻译成英文
帮我估算这个任务要多久
比较一下这两个框架
这个报错是什么意思
解释一下这个脚本
给这个类写一个测试
把这个函数拆小一点
给这个方法加注释
怎么撤销提交
解决合并冲突
写一个匹配手机号的正则表达式
按两个字段排序
怎么逐行读取文件
写一条连接两张表的查询
把服务部署到测试环境
让页面适配手机
训练一个分类模型
设计一个消息系统
今天天气怎么样
推荐一本编程书
讲一个笑话
法国的首都是哪里
把美元换算成人民币
升级所有依赖
画一张架构图
`),
  linesOf(`
おはよう、何ができますか
ありがとう、うまくいきました
もう一度、短くお願いします
ここまでの作業を要約して
遅れについて上司にメールを書いて
この文を英語に翻訳して
この作業にどのくらいかかりますか
二つのフレームワークを比較して
このエラーはどういう意味ですか
このスクリプトを説明して
このクラスのテストを書いて
この関数を小さく分割して
このメソッドにコメントを付けて
コミットを取り消すには
マージの競合を解決して
電話番号の正規表現を書いて
二つの項目で並べ替えて
ファイルを一行ずつ読むには
二つの表を結合するクエリを書いて
検証環境にデプロイして
画面をスマホに対応させて
分類モデルを学習させて
通知の仕組みを設計して
今日の天気はどうですか
プログラミングの本を勧めて
冗談を言ってください
フランスの首都はどこですか
ドルを円に換算して
依存関係を全部更新して
構成図を描いて
`),
  linesOf(`
안녕, 무엇을 할 수 있어
고마워, 잘 됐어
다시 한번 더 짧게 해 줘
지금까지 한 일을 요약해 줘
일정 지연에 대해 팀장에게 메일을 써 줘
이 문장을 영어로 번역해 줘
이 작업은 얼마나 걸릴까
두 프레임워크를 비교해 줘
이 오류는 무슨 뜻이야
이 스크립트를 설명해 줘
이 클래스의 테스트를 작성해 줘
이 함수를 작게 나눠 줘
이 메서드에 주석을 달아 줘
커밋을 취소하려면 어떻게 해
병합 충돌을 해결해 줘
전화번호 정규식을 써 줘
두 필드로 정렬해 줘
파일을 한 줄씩 읽으려면
두 테이블을 조인하는 쿼리를 써 줘
시험 환경에 배포해 줘
화면을 휴대폰에 맞게 바꿔 줘
분류 모델을 학습시켜 줘
알림 시스템을 설계해 줘
오늘 날씨가 어때
프로그래밍 책을 추천해 줘
농담 하나 해 줘
프랑스의 수도는 어디야
달러를 원으로 환산해 줘
의존성을 모두 업데이트해 줘
구성도를 그려 줘
`),
  linesOf(`
Guten Tag, was kannst du alles
danke, das hat geklappt
versuch es noch einmal, aber kürzer
fasse zusammen, was wir bisher gemacht haben
schreibe eine Mail an meinen Chef wegen der Verspätung
übersetze diesen Satz ins Spanische
wie lange dauert diese Aufgabe ungefähr
vergleiche die beiden Frameworks
was bedeutet diese Fehlermeldung
erkläre mir dieses Skript
schreibe einen Test für diese Klasse
teile diese Funktion in kleinere auf
wie mache ich den letzten Commit rückgängig
sortiere eine Liste nach zwei Feldern
wie lese ich eine Datei Zeile für Zeile
schreibe eine Abfrage, die zwei Tabellen verbindet
bringe das auf den Testserver
die Seite soll auch auf dem Handy gut aussehen
erzähle mir einen Witz
wie wird das Wetter morgen
`),
  linesOf(`
bonjour, que sais-tu faire
merci, ça marche
essaie encore, mais plus court
résume ce que nous avons fait jusqu'ici
écris un mail à mon chef au sujet du retard
traduis cette phrase en espagnol
combien de temps prendra cette tâche
compare ces deux frameworks
que signifie ce message d'erreur
explique-moi ce script
écris un test pour cette classe
découpe cette fonction en plusieurs petites
comment annuler le dernier commit
trie une liste selon deux champs
comment lire un fichier ligne par ligne
écris une requête qui joint deux tables
déploie ça sur le serveur de test
la page doit aussi marcher sur téléphone
raconte-moi une blague
quel temps fera-t-il demain
`),
  linesOf(`
hola, qué puedes hacer
gracias, ya funciona
inténtalo otra vez, pero más corto
resume lo que hemos hecho hasta ahora
escribe un correo a mi jefe sobre el retraso
traduce esta frase al inglés
cuánto tiempo llevará esta tarea
compara estos dos frameworks
qué significa este mensaje de error
explícame este script
escribe una prueba para esta clase
divide esta función en otras más pequeñas
cómo deshago el último commit
ordena una lista por dos campos
cómo leo un archivo línea por línea
escribe una consulta que una dos tablas
despliega esto en el servidor de pruebas
la página debe verse bien en el móvil
cuéntame un chiste
qué tiempo hará mañana
`),
];

function linesOf(text: string): readonly string[] {
  return text.trim().split("\n");
}
