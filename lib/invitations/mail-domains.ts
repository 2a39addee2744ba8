import { invitedEmailSchema } from "./schema"

/**
 * Providers where anybody can get an address. The list needn't be complete: only the domain of the Owner's own address
 * can be allowed.
 */
const PUBLIC_MAIL_DOMAINS = new Set(
  `126.com 139.com 163.com 21cn.com aim.com alice.it aliyun.com aol.com aol.de att.net bellsouth.net bigpond.com
  bluewin.ch bol.com.br btinternet.com charter.net comcast.net cox.net daum.net disroot.org duck.com earthlink.net
  email.com email.cz fastmail.com fastmail.fm foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de
  gmx.net googlemail.com hanmail.net hey.com home.nl hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr
  hotmail.it hushmail.com icloud.com inbox.com inbox.lv inbox.ru interia.pl internode.on.net juno.com kakao.com
  keemail.me kpnmail.nl laposte.net libero.it list.ru live.co.uk live.com live.de live.fr live.nl lycos.com mac.com
  mail.com mail.de mail.ee mail.ru mailbox.org mailfence.com mailinator.com me.com msn.com nate.com naver.com
  netscape.net nifty.com nina.com.br ntlworld.com o2.pl onet.pl optonline.net optusnet.com.au orange.fr outlook.com
  outlook.de outlook.es outlook.fr outlook.it pm.me posteo.de posteo.net proton.me protonmail.ch protonmail.com qq.com
  rambler.ru rediffmail.com riseup.net rocketmail.com rogers.com runbox.com sapo.pt sbcglobal.net seznam.cz sfr.fr
  shaw.ca sina.com sina.cn skynet.be sohu.com startmail.com sympatico.ca t-online.de talktalk.net telenet.be telus.net
  terra.com.br tiscali.it tuta.com tuta.io tutamail.com tutanota.com tutanota.de ukr.net uol.com.br verizon.net
  virgilio.it virgin.net virginmedia.com wanadoo.fr web.de windowslive.com wp.pl ya.ru yahoo.ca yahoo.co.id yahoo.co.in
  yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.mx yahoo.de yahoo.es yahoo.fr
  yahoo.in yahoo.it yandex.com yandex.ru yeah.net ymail.com zoho.com zohomail.com`.split(/\s+/),
)

export function isPublicMailDomain(domain: string): boolean {
  return PUBLIC_MAIL_DOMAINS.has(domain)
}

/** Returns the part of an address after the @. Null for a text that is no address. */
export function domainOf(email: string): string | null {
  const address = invitedEmailSchema.safeParse(email)
  return address.success ? (address.data.split("@").at(-1) ?? null) : null
}
